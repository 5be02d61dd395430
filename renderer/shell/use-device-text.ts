import { useI18n } from 'vue-i18n'
import { webgpuRefusal } from '#core/backend/webgpu/refusal'
import type { DeviceChoice, RunHeader } from '#core/contract/answers'
import type { RunSpec } from '#core/spec/run-spec'
import { useDeviceProblem } from './use-device-problem'

/** What devices are, and why a run is on its own, in the person's language. */
export function useDeviceText() {
  const { t, locale } = useI18n()
  const spoken = useDeviceProblem()

  const rate = (value: number): string => Math.round(value).toLocaleString(locale.value)

  /** Why the GPU cannot take this spec; null where it can. */
  function refusal(spec: RunSpec): string | null {
    const reason = webgpuRefusal(spec)
    return reason === null ? null : spoken(reason)
  }

  function choice({ device, description, threads, gpu }: DeviceChoice): string {
    if (device === 'reference') return t('run.referenceHint')
    switch (gpu?.state) {
      case undefined:
        if (threads === undefined) return description
        return threads === 1 ? t('run.cpuThread') : t('run.cpuThreads', { threads })
      case 'looking':
        return t('run.gpu.looking')
      case 'missing':
        return t('run.gpu.missing', { reason: spoken(gpu.reason) })
      case 'found':
        return gpu.software ? t('run.gpu.software', { name: gpu.name }) : gpu.name
    }
  }

  /** What `auto` will do, as far as that is known before a run. */
  function auto(devices: readonly DeviceChoice[]): string {
    const gpu = devices.find(({ device }) => device === 'webgpu')?.gpu
    if (gpu?.state === 'missing') return t('run.why.noGpu', { reason: spoken(gpu.reason) })
    if (gpu?.state === 'found' && gpu.software) return t('run.why.softwareGpu', { gpu: gpu.name })
    return t('run.deviceAutoHint')
  }

  /** '' where there is nothing to say. */
  function reason({ why, spec }: Pick<RunHeader, 'why' | 'spec'>): string {
    switch (why?.kind) {
      case undefined:
        return ''
      case 'asked':
        return t('run.why.asked')
      case 'gpu-faster':
      case 'cpu-faster':
        return t(why.kind === 'gpu-faster' ? 'run.why.gpuFaster' : 'run.why.cpuFaster', {
          gpu: why.gpu,
          gpuRate: rate(why.gpuStepsPerSecond),
          cpuRate: rate(why.cpuStepsPerSecond),
        })
      case 'no-gpu':
        return t('run.why.noGpu', { reason: spoken(why.reason) })
      case 'software-gpu':
        return t('run.why.softwareGpu', { gpu: why.gpu })
      case 'cpu-only':
        return refusal(spec) ?? t('run.why.cpuOnly', { reason: spoken(why.reason) })
      case 'lost':
        return t('run.why.lost', {
          from: t(`run.deviceNames.${why.from}`),
          reason: spoken(why.reason),
        })
    }
  }

  return { refusal, choice, auto, reason }
}
