import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import type { Backend } from '#core/backend/backend'
import type { ParityRow } from '#core/contract/answers'
import type { Dataset } from '#core/data/dataset'
import { runSpecSchema } from '#core/spec/run-spec'
import { createTrainer } from '#core/training/trainer'

/** assets/parity.json: runs of PyTorch's, cut by test/golden/cut_parity.py. */
const paritySchema = z.object({
  torch: z.string(),
  cases: z.array(
    z.object({
      name: z.string(),
      spec: runSpecSchema,
      /** Of each batch before its update. */
      losses: z.array(z.number()).readonly(),
    }),
  ),
})
type ParityCases = z.output<typeof paritySchema>

/** Largest distance from PyTorch's loss that rounding in float32 explains. */
const TOLERANCE = 1e-5

export async function readParityCases(path: string): Promise<ParityCases> {
  return paritySchema.parse(JSON.parse(await readFile(path, 'utf8')))
}

export async function compareWithTorch(
  { name, spec, losses }: ParityCases['cases'][number],
  dataset: Dataset,
  backend: Backend,
): Promise<ParityRow> {
  const found: number[] = []
  const trainer = await createTrainer({
    spec: { ...spec, training: { ...spec.training, diagnoseEvery: 0 } },
    dataset,
    backend,
    clock: () => performance.now(),
    checkpointMilliseconds: Infinity,
    onEvent: (signal) => {
      if (signal.type === 'steps') found.push(...signal.losses)
    },
  })
  while (found.length < losses.length && trainer.state.phase !== 'failed') await trainer.takeStep()
  await trainer.dispose()
  const apart = losses.map((loss, i) => Math.abs((found[i] ?? Infinity) - loss))
  const difference = Math.max(...apart)
  return {
    name,
    steps: found.length,
    lastLoss: found.at(-1) ?? null,
    torchLoss: losses.at(-1) ?? null,
    difference: Number.isFinite(difference) ? difference : null,
    tolerance: TOLERANCE,
    agrees: difference <= TOLERANCE,
  }
}
