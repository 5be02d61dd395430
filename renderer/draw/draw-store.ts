import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { PredictionAnswer } from '#core/contract/answers'
import { useTrainerStore } from '../run/trainer-store'
import { useWorkspaceStore } from '../workspace/workspace-store'
import { see } from './see'
import { blank, clear, visible, type Drawing } from './strokes'

const againAfter = 250

/** The drawing, what the net sees of it, and its answer, which follows the pen and the training. */
export const useDrawStore = defineStore('draw', () => {
  const trainer = useTrainerStore()
  const workspace = useWorkspaceStore()
  const drawing = shallowRef<Drawing>(blank)
  const seen = shallowRef<Uint8Array | null>(null)
  const answer = shallowRef<PredictionAnswer | null>(null)
  const failure = ref<string | null>(null)
  let asking = false
  let stale = false
  /** The drawing changed since the net last looked at it. */
  let changed = false
  let later: ReturnType<typeof setTimeout> | null = null

  const strokes = computed(() => visible(drawing.value))
  const model = computed(() =>
    workspace.view.predictor === 'current' && trainer.view !== null ? 'current' : 'bundled',
  )

  /** At most one question is under way; the newest drawing is asked about next. */
  async function ask(): Promise<void> {
    if (asking) {
      stale = true
      return
    }
    asking = true
    do {
      stale = false
      await askOnce()
    } while (takeStale())
    asking = false
  }

  function takeStale(): boolean {
    return stale
  }

  async function askOnce(): Promise<void> {
    if (changed) look()
    const pixels = seen.value
    if (pixels === null) {
      answer.value = null
      failure.value = null
      return
    }
    if (!trainer.usable) return
    try {
      const given = await trainer.connected().trainer.predict({
        pixels: [...pixels],
        model: model.value,
        activations: true,
      })
      failure.value = null
      if (seen.value !== null) answer.value = given
    } catch (cause) {
      failure.value = cause instanceof Error ? cause.message : String(cause)
    }
  }

  function look(): void {
    changed = false
    seen.value = see(strokes.value)
  }

  // At once: a frame may be twenty milliseconds away.
  watch(
    drawing,
    () => {
      changed = true
      trainer.notePen()
      void ask()
    },
    { flush: 'sync' },
  )
  watch(() => [model.value, trainer.usable, trainer.view?.header.id], askAgain)
  // The answer of a net in training changes with it; asking more often would cost the training.
  watch(
    () => trainer.view?.progress.step,
    () => {
      later ??= setTimeout(() => {
        later = null
        if (model.value === 'current') askAgain()
      }, againAfter)
    },
  )

  function askAgain(): void {
    if (seen.value !== null) void ask()
  }

  /** Shows an image of the data set as the net sees it, without strokes. */
  function show(pixels: Uint8Array): void {
    drawing.value = blank
    changed = false
    seen.value = pixels
    void ask()
  }

  function wipe(): void {
    drawing.value = clear(drawing.value)
    changed = false
    seen.value = null
    answer.value = null
  }

  return { drawing, strokes, seen, answer, failure, model, show, wipe }
})
