import { onMounted, ref, shallowRef, watch } from 'vue'
import type { MachineOverride, MachineReport } from '#core/contract/machine'
import { useTrainerStore } from '../run/trainer-store'

/** What the machine that trains has: looked up when a page opens, or as soon as the trainer answers. */
export function useReport() {
  const trainer = useTrainerStore()
  const report = shallowRef<MachineReport | null>(null)
  const probing = ref(false)

  async function take(answer: () => Promise<MachineReport>) {
    report.value = (await trainer.attempt(answer)) ?? report.value
  }

  /** Sources that are slow are waited for behind what is there already. */
  async function probe(refresh: boolean) {
    if (!trainer.usable) return
    probing.value = true
    await take(() => trainer.connected().trainer.machine({ refresh }))
    probing.value = false
    const isWhole = report.value?.probers.every(({ outcome }) => outcome !== 'timeout') ?? true
    if (!isWhole) await take(() => trainer.connected().trainer.machine({ patient: true }))
  }

  /** Null takes the correction back. */
  function correct(path: string, value: MachineOverride['value'] | null) {
    return take(() => trainer.connected().trainer.correctMachine({ path, value }))
  }

  onMounted(() => probe(false))
  watch(
    () => trainer.usable,
    () => report.value === null && probe(false),
  )

  return { report, probing, probe, correct }
}
