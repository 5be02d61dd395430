import { describe, expect, test } from 'vitest'
import type { Backend, SessionState } from '#core/backend/backend'
import { StateMismatchError } from '#core/backend/backend'
import { referenceBackend } from '#core/backend/reference/reference-backend'
import type { RunSpec } from '#core/spec/run-spec'
import { backends, softwareGpu } from './backends'
import { conformanceSpecs, type ConformanceSpec } from './conformance-specs'
import { blockOf, dataset, sessionOf, train } from './small-run'
import { specOf } from './trace'

const referenceRuns = new Map<string, ReturnType<typeof train>>()

/** The reference's run of a spec, computed once for all backends that are compared with it. */
function referenceRun(name: string, spec: RunSpec, steps: number): ReturnType<typeof train> {
  const known = referenceRuns.get(name)
  if (known !== undefined) return known
  const run = train(referenceBackend, spec, steps)
  referenceRuns.set(name, run)
  return run
}

/** Largest distance of a tensor, relative to its own 2-norm (at least that of all ones times 1e-6). */
function farthest(found: SessionState, expected: SessionState): { name: string; distance: number } {
  let most = { name: 'none', distance: 0 }
  for (const [name, { data }] of expected.tensors) {
    const mine = found.tensors.get(name)?.data ?? []
    let apart = 0
    let size = data.length * 1e-12
    data.forEach((value, i) => {
      apart += ((mine[i] ?? NaN) - value) ** 2
      size += value * value
    })
    const distance = Math.sqrt(apart / size)
    if (!(distance <= most.distance)) most = { name, distance }
  }
  return most
}

/**
 * A software GPU compiles the kernels of a net for seconds: it takes one spec of each kind of kernel, unless all are asked for
 * (GRADIENT_WORKBENCH_GPU_TESTS=all, as `npm run bench:gpu` does). Activations, noise and update rules have tests of their own.
 */
function specsFor(backend: Backend): readonly ConformanceSpec[] {
  if (backend.device !== 'webgpu' || !softwareGpu) return conformanceSpecs
  if (process.env['GRADIENT_WORKBENCH_GPU_TESTS'] === 'all') return conformanceSpecs
  return conformanceSpecs.filter(({ onSoftwareGpu }) => onSoftwareGpu)
}

for (const { backend, precision } of backends) {
  describe(`${backend.description} conforms`, () => {
    for (const { name, document, steps, tolerance } of specsFor(backend)) {
      const spec = specOf(document)

      if (backend !== referenceBackend)
        test(`${name}: follows the reference`, async () => {
          const mine = await train(backend, spec, steps)
          const theirs = await referenceRun(name, spec, steps)
          theirs.losses.forEach((loss, i) => {
            expect(Math.abs((mine.losses[i] ?? NaN) - loss)).toBeLessThan(
              tolerance * Math.max(1, Math.abs(loss)),
            )
          })
          expect([...mine.state.tensors.keys()].sort()).toEqual(
            [...theirs.state.tensors.keys()].sort(),
          )
          const { name: tensor, distance } = farthest(mine.state, theirs.state)
          expect(distance, `tensor ${tensor}`).toBeLessThan(100 * tolerance)
        })

      test(`${name}: block size does not change a bit`, async () => {
        const whole = await train(backend, spec, steps)
        expect(await train(backend, spec, steps, 1)).toEqual(whole)
      })

      test(`${name}: goes on from an exported state as if never interrupted`, async () => {
        const whole = await train(backend, spec, steps)
        const first = await sessionOf(backend, spec)
        const half = Math.floor(steps / 2)
        await first.run(blockOf(spec, 0, half))
        const state = await first.exportState()
        const second = await sessionOf(
          backend,
          specOf({ ...(document as object), training: { ...spec.training } }),
        )
        await second.importState(state)
        await second.run(blockOf(spec, half, steps - half))
        expect(await second.exportState()).toEqual(whole.state)
        await first.dispose()
        await second.dispose()
      })
    }

    const starter = specOf(conformanceSpecs[0]?.document)

    test('a rerun, and blocks of 4, 5 and 23 steps, give the same bits over a ragged batch', async () => {
      const whole = await train(backend, starter, 27)
      expect(whole.losses).toHaveLength(27)
      for (const size of [27, 4, 5, 23])
        expect(await train(backend, starter, 27, size), `blocks of ${size}`).toEqual(whole)
    })

    test('evaluates a set in evaluation mode and counts every image once', async () => {
      const session = await sessionOf(backend, starter)
      const all = await session.evaluate({ set: 'test', indices: null, averaged: false })
      expect(all.count).toBe(101)
      expect(all.confusion.reduce((sum, cell) => sum + cell, 0)).toBe(101)
      const some = Uint32Array.of(5, 7, 100)
      const three = await session.evaluate({ set: 'test', indices: some, averaged: false })
      const reference = await sessionOf(referenceBackend, starter)
      const expected = await reference.evaluate({ set: 'test', indices: some, averaged: false })
      expect(three.loss).toBeCloseTo(expected.loss, precision === 'float64' ? 12 : 5)
      expect(three.confusion).toEqual(expected.confusion)
    })

    test('predicts distributions, and shows what each layer puts out', async () => {
      const session = await sessionOf(backend, starter)
      const pixels = dataset.test.images.slice(0, 2 * 783)
      const { probabilities, activations } = await session.predict({
        pixels,
        count: 2,
        activations: true,
      })
      expect(probabilities).toHaveLength(20)
      expect(probabilities.slice(0, 10).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5)
      expect(activations.map(({ layer, values }) => [layer, values.length])).toEqual([
        ['0', 7],
        ['1', 7],
        ['2', 10],
      ])
    })

    test('refuses the state of another model and keeps its own', async () => {
      const session = await sessionOf(backend, starter)
      const before = await session.exportState()
      const tensors = new Map(before.tensors)
      tensors.set('0.weight', { shape: [7, 2], data: new Float32Array(14) })
      await expect(session.importState({ ...before, tensors })).rejects.toThrow(StateMismatchError)
      expect(await session.exportState()).toEqual(before)
    })

    for (const loss of ['CrossEntropyLoss', 'MSELoss'])
      test(`stops at numbers that break and names the layer and the step: ${loss}`, async () => {
        const spec = specOf({
          ...(conformanceSpecs[0]?.document as object),
          loss: { type: loss },
          optimizer: { type: 'SGD', lr: 1e30 },
        })
        const session = await sessionOf(backend, spec)
        const report = await session.run(blockOf(spec, 0, 20))
        expect(report.failure).not.toBeNull()
        expect(report.losses.length).toBeLessThan(20)
        expect(report.failure?.layer).toMatch(/^[02]$/)
        expect(report.failure?.layerType).toBe('Linear')
      })

    for (const name of [
      'one hidden layer of 7',
      'clipping in groups with max-norm and EMA',
      'RMSNorm',
    ])
      test(`reports every layer at the step that is asked for: ${name}`, async () => {
        const spec = specOf(conformanceSpecs.find((own) => own.name === name)?.document)
        const session = await sessionOf(backend, spec)
        const other = await sessionOf(referenceBackend, spec)
        const block = { ...blockOf(spec, 0, 4), diagnoseAt: 3 }
        const { layers } = await session.run(block)
        const expected = (await other.run(block)).layers
        expect(layers?.map(({ layer, type }) => [layer, type])).toEqual(
          spec.model.layers.map(({ type }, i) => [`${i}`, type]),
        )
        const digits = precision === 'float64' ? 12 : 4
        layers?.forEach((report, i) => {
          const wanted = expected?.[i]
          expect(report.gradientNorm ?? 0).toBeCloseTo(wanted?.gradientNorm ?? 0, digits)
          expect(report.updateRatio ?? 0).toBeCloseTo(wanted?.updateRatio ?? 0, digits)
          expect(report.output.std).toBeCloseTo(wanted?.output.std ?? NaN, digits)
          expect(report.outputGradient.std).toBeCloseTo(wanted?.outputGradient.std ?? NaN, digits)
          expect(report.dead ?? 0).toBeCloseTo(wanted?.dead ?? 0, 2)
        })
      })
  })
}
