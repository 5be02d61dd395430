import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { healed } from '../bench/heal'
import { useRemedyText } from '../bench/use-remedy-text'
import { useTrainerStore } from '../run/trainer-store'
import { useWorkspaceStore } from '../workspace/workspace-store'
import { useDeviceProblem } from './use-device-problem'

/** What the strip says of a run that failed; null where none did. `again` starts a run of what is on the bench. */
export function useFailureBanner(again: () => void) {
  const trainer = useTrainerStore()
  const workspace = useWorkspaceStore()
  const { t } = useI18n()
  const remedyText = useRemedyText()
  const spokenProblem = useDeviceProblem()

  /** The best one of the verdict on what went wrong. */
  const remedy = computed(
    () => trainer.view?.verdicts.find(({ kind }) => kind === 'notANumber')?.remedies.at(0) ?? null,
  )

  return computed(() => {
    const run = trainer.view
    if (run?.state.phase !== 'failed') return null
    const { reason } = run.state
    switch (reason.kind) {
      case 'diverged': {
        const best = remedy.value
        const text = t('run.failedDiverged', {
          step: reason.step + 1,
          layer: reason.layer,
          type: reason.layerType,
          operation: t(`run.operation.${reason.operation}`),
        })
        if (best === null) return { level: 'error' as const, text }
        return {
          level: 'error' as const,
          text,
          action: t('run.remedyAgain', { remedy: remedyText(best) }),
          act: () => {
            workspace.change(healed(workspace.spec, run.header.spec, best))
            again()
          },
        }
      }
      case 'device':
        return {
          level: 'error' as const,
          text: t('run.failedDevice', {
            device: t(`run.deviceNames.${reason.device}`),
            message: spokenProblem(reason.message),
          }),
        }
      case 'error':
        return { level: 'error' as const, text: t('run.failedError', { message: reason.message }) }
    }
  })
}
