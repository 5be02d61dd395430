import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import type { DepthProfileAnswer } from '#core/contract/answers'
import type { RunSpec } from '#core/spec/run-spec'
import { useTrainerStore } from '../run/trainer-store'

const settleMilliseconds = 400

/**
 * What the first weights of the net on the bench do to the signal: asked for again, a little after the last change, when
 * something changes that it depends on. null until there is an answer, and where the net has errors.
 */
export function useDepthProfile(spec: () => RunSpec, sound: () => boolean) {
  const trainer = useTrainerStore()
  const profile = shallowRef<DepthProfileAnswer | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  const question = computed(() => {
    const { model, loss, dataset, training } = spec()
    return trainer.usable && sound()
      ? JSON.stringify([model, loss, dataset.normalize, training.seed])
      : null
  })

  async function ask() {
    const mine = ++asked
    const answer = await trainer
      .connected()
      .trainer.depthProfile({ spec: spec() })
      .catch(() => null)
    if (mine === asked && answer !== null) profile.value = answer
  }

  watch(
    question,
    (present) => {
      clearTimeout(timer)
      if (present === null) profile.value = null
      else timer = setTimeout(() => void ask(), settleMilliseconds)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    asked++
  })

  return profile
}
