import { beforeAll, expect, it } from 'vitest'
import { presetById } from '#core/spec/presets'
import { runSpecSchema } from '#core/spec/run-spec'
import { depthProfile } from '#core/training/depth-profile'
import { DepthProfiles } from '../../../electron/trainer/depth-profiles'
import { readMnist } from '../../mnist'
import { ensureBuilt } from '../command-line'

const MILLISECONDS = 60_000
const script = new URL('../../../out/main/engine.js', import.meta.url)
const mnist = readMnist()

beforeAll(ensureBuilt, 2 * MILLISECONDS)

it(
  'are computed on a thread of their own, and a newer question ends the older one',
  { timeout: MILLISECONDS },
  async () => {
    const profiles = new DepthProfiles(script)
    const starter = presetById('starter')
    const older = profiles.profile(presetById('dropout-3x1024'), mnist)
    const newer = profiles.profile(starter, mnist)
    expect(await older).toBeNull()
    expect(await newer).toEqual({ layers: depthProfile(starter, mnist, 64) })
  },
)

it('say null for what is no finite number', { timeout: MILLISECONDS }, async () => {
  const huge = { weight: { type: 'constant_', val: 1e200 } } as const
  const spec = runSpecSchema.parse({
    version: 1,
    model: {
      layers: [
        { type: 'Linear', outFeatures: 8, init: huge },
        { type: 'Linear', outFeatures: 10, init: huge },
      ],
    },
  })
  const answer = await new DepthProfiles(script).profile(spec, mnist)
  expect(answer?.layers[1]?.activationVariance).toBeNull()
})

it('end without an answer where they are no longer wanted', { timeout: MILLISECONDS }, async () => {
  const profiles = new DepthProfiles(script)
  const asked = profiles.profile(presetById('starter'), mnist)
  profiles.cancel()
  expect(await asked).toBeNull()
})
