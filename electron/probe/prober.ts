import type { ProberOutcome } from '#core/machine/report'
import type { Evidence } from '#core/machine/evidence'
import { fail, ok, type Result } from '#core/tensor/result'
import type { Failure, Host } from './host'

/** A source was there but what it said could not be understood. */
export interface Unreadable {
  readonly reason: 'unreadable'
  readonly detail: string
}
export type Finding = Result<Evidence, Failure | Unreadable>

/** One source. Runs a tool or reads files, then hands the text to its pure parser. */
export interface Prober {
  readonly name: string
  readonly platforms: readonly NodeJS.Platform[]
  /** Describes cards without proving that they are present, e.g. registry keys of removed ones. */
  readonly supplements?: true
  probe(host: Host, timeoutMs: number): Promise<Finding>
}

export interface Probed {
  readonly prober: Prober
  readonly evidence: Evidence
  readonly outcome: ProberOutcome
}

/** Runs one prober to its end, its failure or its timeout; never rejects. */
export async function runProber(prober: Prober, host: Host, timeoutMs: number): Promise<Probed> {
  const start = performance.now()
  const finding = await withTimeout(attempt(prober, host, timeoutMs), timeoutMs)
  const milliseconds = Math.round(performance.now() - start)
  const outcome: ProberOutcome = finding.ok
    ? { prober: prober.name, outcome: 'ok', detail: '', milliseconds }
    : {
        prober: prober.name,
        outcome: finding.error.reason,
        detail: finding.error.detail,
        milliseconds,
      }
  return { prober, evidence: finding.ok ? finding.value : {}, outcome }
}

async function attempt(prober: Prober, host: Host, timeoutMs: number): Promise<Finding> {
  try {
    return await prober.probe(host, timeoutMs)
  } catch (error) {
    return fail({ reason: 'failed', detail: String(error) })
  }
}

function withTimeout(finding: Promise<Finding>, timeoutMs: number): Promise<Finding> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve(fail({ reason: 'timeout', detail: `no answer in ${timeoutMs} ms` }))
    }, timeoutMs)
    void finding.then((answer) => {
      clearTimeout(timer)
      resolve(answer)
    })
  })
}

/** What a parser made of a text, or why it could not. */
export function understood(evidence: Evidence | null, source: string): Finding {
  return evidence === null
    ? fail({ reason: 'unreadable', detail: `${source} answered something else than expected` })
    : ok(evidence)
}
