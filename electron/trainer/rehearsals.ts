/** What the trainer computes beside the run that is open: each on an engine thread of its own, which ends with it. */
import type { Backend, DeviceUnavailable } from '#core/backend/backend'
import type { Answer } from '#core/contract/answers'
import type { ParsedParams } from '#core/contract/requests'
import { suggestRate, usualRangeTest } from '#core/optim/range-test'
import type { Result } from '#core/tensor/result'
import { sweepRates } from '#core/training/rate-sweep'
import type { RunHost } from './active-run'
import { checkSpec } from './check-spec'
import type { OpenDevice } from './devices'
import { firstImages } from './first-images'
import { compareWithTorch, readParityCases } from './parity'

/** Tries the spec's first steps with growing rates. */
export async function rangeTest(
  host: RunHost,
  { spec }: ParsedParams<'rangeTest'>,
): Promise<Answer<'rangeTest'>> {
  const checked = checkSpec(spec, host.dataset)
  if (!checked.ok) throw new Error(checked.error)
  const points = await onDevice(await host.desk.forMoment(spec), (backend) =>
    sweepRates(spec, firstImages(host.dataset, spec.dataset.trainSize), backend, usualRangeTest),
  )
  const suggested = suggestRate(points)
  return suggested.ok
    ? { points, suggestion: suggested.value, problem: null }
    : { points, suggestion: null, problem: suggested.error }
}

/** Runs the bundled cases on the CPU backend and compares each loss with PyTorch's. */
export async function parityCheck(host: RunHost, path: string): Promise<Answer<'parityCheck'>> {
  const { torch, cases } = await readParityCases(path)
  const most = Math.max(...cases.map(({ spec }) => spec.dataset.trainSize))
  const dataset = firstImages(host.dataset, most)
  return onDevice(await host.desk.cpu(), async (backend) => {
    const rows = []
    for (const golden of cases) rows.push(await compareWithTorch(golden, dataset, backend))
    return { torch, backend: backend.description, cases: rows }
  })
}

async function onDevice<T>(
  opened: Result<OpenDevice, DeviceUnavailable>,
  work: (backend: Backend) => Promise<T>,
): Promise<T> {
  if (!opened.ok) throw new Error(opened.error.reason)
  try {
    return await work(opened.value.backend)
  } finally {
    await opened.value.close()
  }
}
