import { computed, onMounted, onUnmounted, ref, shallowRef, watch, type ComputedRef } from 'vue'
import type { MachineFit } from '#core/contract/machine'
import type { RunSpec } from '#core/spec/run-spec'
import { useTrainerStore } from '../run/trainer-store'
import { useWorkspaceStore } from '../workspace/workspace-store'

/** What the net on the Bench needs and takes on each device, asked anew whenever it changes; and the measuring. */
export function useFit(gpuName: ComputedRef<string | null>) {
  const trainer = useTrainerStore()
  const workspace = useWorkspaceStore()
  const fit = shallowRef<MachineFit | null>(null)
  const measuring = ref(false)
  const net = computed(() => netKey(workspace.spec))
  /** Whether the last measurement is of this very net. */
  const isFresh = computed(() => {
    const measured = fit.value?.measurement?.spec
    return measured !== undefined && netKey(measured) === net.value
  })
  let cancelled = false
  let asked = 0

  /** An answer to an older question comes too late. */
  async function ask() {
    if (!trainer.usable) return
    const { spec } = workspace
    const question = ++asked
    try {
      const answer = await trainer.connected().trainer.fitMachine({ spec })
      if (question === asked) fit.value = answer
    } catch {
      // A net that cannot be trained as it stands has no size; the Bench says what is wrong with it.
      if (question === asked) fit.value = null
    }
  }

  async function measure() {
    const { spec } = workspace
    measuring.value = true
    cancelled = false
    await trainer.attempt(async () => {
      try {
        return await trainer.connected().trainer.measureMachine({ spec })
      } catch (cause) {
        if (cancelled) return null
        throw cause
      }
    })
    measuring.value = false
    await ask()
  }

  async function cancel() {
    cancelled = true
    await trainer.attempt(() => trainer.connected().trainer.cancelMeasurement({}))
  }

  onMounted(ask)
  onUnmounted(() => {
    if (measuring.value) void cancel()
  })
  watch([net, gpuName, () => trainer.usable], ask)

  return { fit, measuring, isFresh, measure, cancel }
}

/** What decides how long a step takes. */
function netKey({ model, optimizer, training, dataset, loss }: RunSpec): string {
  return JSON.stringify([model, optimizer, loss, training.batchSize, dataset])
}
