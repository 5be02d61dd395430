import { expect, test } from 'vitest'
import { readDeviceProblem } from '#core/backend/device-problem'
import { webgpuRefusal } from '#core/backend/webgpu/refusal'
import { runSpecSchema, type RunSpec, type RunSpecInput } from '#core/spec/run-spec'
import { mnistFacts, runIssues } from '#core/training/run-issues'

function onGpu(rest: Partial<RunSpecInput>): RunSpec {
  const layers = [
    { type: 'Linear' as const, outFeatures: 32 },
    { type: 'BatchNorm1d' as const },
    { type: 'ReLU' as const },
    { type: 'Linear' as const, outFeatures: 10 },
  ]
  return runSpecSchema.parse({ version: 1, device: 'webgpu', model: { layers }, ...rest })
}

test('a run that asks for the GPU hears what keeps it on the CPU, and nothing else', () => {
  const lbfgs = onGpu({ optimizer: { type: 'LBFGS' } })
  const averaged = onGpu({ training: { averaging: { type: 'EMA' } } })
  const keys = (spec: RunSpec) =>
    runIssues(spec, mnistFacts)
      .filter(({ path }) => path === 'device')
      .map(({ problem }) => problem.kind)
  expect(keys(lbfgs)).toEqual(['cpuOnly'])
  expect(keys(averaged)).toEqual(['cpuAverages'])
  expect(keys(onGpu({}))).toEqual([])
  expect(keys({ ...averaged, device: 'auto' })).toEqual([])
  expect(readDeviceProblem(webgpuRefusal(lbfgs) ?? '')?.kind).toBe('linesSearched')
  expect(readDeviceProblem(webgpuRefusal(averaged) ?? '')?.kind).toBe('statisticsAveraged')
})
