import { deviceProblemTexts } from '#core/backend/device-problem-texts'
import { problemTexts } from '#core/spec/problem-texts'

/** The sentences of the command line, beside the fields of the window. */
export const problems = {
  documentProblem: { notJson: 'is not JSON: {reason}' },
  problem: problemTexts,
  deviceProblem: deviceProblemTexts,
} as const
