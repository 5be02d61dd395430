import { inferShapes } from '#core/spec/infer'
import { checkRunSpec } from '#core/training/check-run-spec'
import { mnistFacts } from '#core/training/run-issues'
import { EXIT, parseOptions, usageError, type Command, type Surface } from './command'
import { describeSpecIssue } from './describe-fix'
import { readDocument } from './read-spec'

const help = `validate [SPEC.json | PRESET] [options]: says what is wrong with a spec, and what is rarely meant, without training.

  --set path=value   changes the spec first, as train does
  --device D         auto, cpu, webgpu or reference
  --json             one JSON object a line on stdout: each issue, then done

Exit status 2 where train would refuse the spec.`

const options = {
  set: { type: 'string', multiple: true },
  device: { type: 'string' },
  json: { type: 'boolean' },
} as const

export const validateCommand: Command = {
  summary: 'checks a spec without training',
  help,
  run: validate,
}

async function validate(args: readonly string[], surface: Surface): Promise<number> {
  const { values, positionals } = parseOptions(args, options)
  if (positionals.length > 1)
    throw usageError(`One spec at a time; found ${positionals.join(', ')}`)
  const document = await readDocument(positionals[0], values.set ?? [], values.device)
  const { spec, issues } = checkRunSpec(document, mnistFacts)
  const errors = issues.filter(({ severity }) => severity === 'error').length
  const shapes = spec === null ? null : inferShapes(spec.model)
  const parameters = shapes?.ok === true ? shapes.value.parameters : null
  if (values.json === true) {
    for (const { severity, path, message, problem, fix = null } of issues)
      surface.print(
        JSON.stringify({ type: 'issue', severity, path, kind: problem.kind, message, fix }),
      )
    surface.print(
      JSON.stringify({ type: 'done', errors, warnings: issues.length - errors, parameters }),
    )
  } else {
    for (const issue of issues)
      surface.print(`${issue.severity.padEnd(7)}  ${describeSpecIssue(issue)}`)
    if (issues.length === 0)
      surface.print(
        `Nothing is wrong: ${(parameters ?? 0).toLocaleString('en')} parameters, ${spec?.training.epochs ?? 0} epochs.`,
      )
  }
  return errors > 0 ? EXIT.usage : EXIT.done
}
