import type { MachineReport } from '#core/contract/machine'
import { probeMachine } from '../../../electron/probe/probe'
import { recordedHost, type RecordedMachine } from '../../electron/probe/recorded-host'

/** What the whole probe makes of a recorded machine. */
export function recordedReport(machine: RecordedMachine): Promise<MachineReport> {
  return probeMachine({ host: recordedHost(machine), timeoutMs: 1000 })
}
