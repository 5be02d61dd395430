import { computed, onMounted, onUnmounted, ref, shallowRef, watch, type ComputedRef } from 'vue'
import type { DeviceDecision } from '#core/contract/device-reason'
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
  /** What the trainer would train this net on; null while it does not say. */
  const decision = shallowRef<DeviceDecision | null>(null)
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

  /** Found out as a run finds it out, by a short race where there is a choice: not while a run trains. */
  async function decide() {
    decision.value = null
    if (!trainer.usable || trainer.phase === 'running') return
    const { spec } = workspace
    const question = asked
    try {
      const answer = await trainer.connected().trainer.decideDevice({ spec })
      if (question === asked) decision.value = answer
    } catch {
      // A run has begun, or the net cannot be trained as it stands: what the report says has to do.
    }
  }

  async function askAll() {
    await ask()
    await decide()
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
    await askAll()
  }

  async function cancel() {
    cancelled = true
    await trainer.attempt(() => trainer.connected().trainer.cancelMeasurement({}))
  }

  onMounted(askAll)
  onUnmounted(() => {
    if (measuring.value) void cancel()
  })
  watch([net, gpuName, () => workspace.spec.device, () => trainer.usable], askAll)

  return { fit, decision, measuring, isFresh, measure, cancel }
}

/** What decides how long a step takes. */
function netKey({ model, optimizer, training, dataset, loss }: RunSpec): string {
  return JSON.stringify([model, optimizer, loss, training.batchSize, dataset])
}
