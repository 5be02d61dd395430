import type { EvaluationRequest } from '#core/backend/backend'
import { keepsStatistics } from '#core/spec/keeps-statistics'
import type { RunSpec } from '#core/spec/run-spec'
import type { Cursor } from './cursor'

/** What a session is asked to evaluate at that point of the run: the averaged net, where there is one already. */
export function evaluationRequest(
  { model, training: { averaging } }: RunSpec,
  cursor: Cursor,
  set: 'train' | 'test',
  indices: Uint32Array | null,
): EvaluationRequest {
  const averaged =
    averaging !== null &&
    (averaging.type === 'EMA' ? cursor.step > 0 : cursor.epoch > averaging.startEpoch)
  const request = { set, indices, averaged }
  return averaged && keepsStatistics(model.layers)
    ? { ...request, updateBn: cursor.wholeEpoch() }
    : request
}
