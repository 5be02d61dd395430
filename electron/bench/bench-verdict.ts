import { presetById } from '#core/spec/presets'
import { median, type Measurement } from './race'
import { netOf, STARTER } from './standard-nets'

/** What was measured on a machine, and with what. */
export interface MachineFigures {
  readonly measurements: readonly Measurement[]
  /** GFLOP/s of one thread with 128-bit vectors. */
  readonly peak: number
  /** Whether the kernels fuse multiplication and addition. */
  readonly relaxedSimd: boolean
  /** `--threads` of the commands where nothing is said. */
  readonly defaultThreads: number
}

/** Repeats this far apart are worth a warning. */
const DISTURBED = 1.25
/** Fewer threads are recommended where they are faster by this factor. */
const WORTH_TELLING = 1.05
/** A net whose time goes into dense products: the share of the peak says how good the kernels are here. */
const DENSE = 5

/** What the figures mean for the person in front of the machine: sentences, and nothing that was not measured. */
export function benchVerdict(figures: MachineFigures): readonly string[] {
  return [
    ...starterSentences(figures),
    ...scalingSentences(figures),
    ...peakSentences(figures),
    simdSentence(figures),
    ...noiseSentences(figures),
  ]
}

function starterSentences({ measurements, defaultThreads }: MachineFigures): readonly string[] {
  const best = fastest(of(measurements, STARTER))
  if (best === undefined) return []
  const { secondsPerEpoch, threads } = best
  const { epochs } = presetById('starter').training
  const usual = of(measurements, STARTER).find((m) => m.threads === defaultThreads)
  const advice =
    usual !== undefined && usual.secondsPerEpoch > secondsPerEpoch * WORTH_TELLING
      ? [`The commands use ${count(defaultThreads)} by themselves; --threads ${threads} is faster.`]
      : []
  return [
    `This machine trains the starter (784-128-10, Adam, batch 64) in ${seconds(secondsPerEpoch)} an epoch of 60,000 images, with ${count(threads)}.`,
    `Its ${epochs} epochs, as the preset asks, take about ${seconds(secondsPerEpoch * epochs)}, evaluation not counted.`,
    ...advice,
  ]
}

/** How much the most threads gain over one, on the net that gains least and on the one that gains most. */
function scalingSentences({ measurements }: MachineFigures): readonly string[] {
  const most = Math.max(...measurements.map(({ threads }) => threads))
  const gains = [...new Set(measurements.map(({ net }) => net))]
    .flatMap((net) => {
      const times = (threads: number) =>
        measurements.find((m) => m.net === net && m.threads === threads)?.secondsPerEpoch
      const one = times(1)
      const all = times(most)
      return one === undefined || all === undefined || most === 1 ? [] : [{ net, gain: one / all }]
    })
    .toSorted((a, b) => a.gain - b.gain)
  const [least] = gains
  const greatest = gains.at(-1)
  if (least === undefined || greatest === undefined) return []
  const said = `${count(most)} are ${times(least.gain)} as fast as one on ${least.net}`
  return [
    gains.length === 1 ? `${said}.` : `${said}, ${times(greatest.gain)} on ${greatest.net}.`,
    ...(greatest.gain < WORTH_TELLING
      ? [
          'More threads gained nothing: other programs kept the processors busy, or they are not whole cores.',
        ]
      : []),
  ]
}

function peakSentences({ measurements, peak }: MachineFigures): readonly string[] {
  const reached = of(measurements, DENSE).find(({ threads }) => threads === 1)?.shareOfPeak ?? null
  const one = `One thread reaches ${Math.round(peak)} GFLOP/s with 128-bit vectors in registers`
  return [
    reached === null
      ? `${one}.`
      : `${one}; training ${netOf(DENSE).name} reaches ${Math.round(100 * reached)} % of it.`,
    ...(measurements.some(({ shareOfPeak }) => shareOfPeak !== null && shareOfPeak > 1)
      ? [
          'More than 100 % means work left out: GFLOP/s are counted as if every pixel took part, but most are black and are skipped.',
        ]
      : []),
  ]
}

function simdSentence({ relaxedSimd }: MachineFigures): string {
  return relaxedSimd
    ? 'Relaxed SIMD (fused multiply-add) is used.'
    : 'Relaxed SIMD (fused multiply-add) is not to be had in this runtime; plain SIMD is used, which takes longer in large nets.'
}

function noiseSentences({ measurements }: MachineFigures): readonly string[] {
  const typical = median(measurements.map(({ spread }) => spread))
  return typical > DISTURBED
    ? [
        `Repeats differ by ${Math.round(100 * (typical - 1))} %: other work disturbed the measurement. Try again when the machine is quiet.`,
      ]
    : []
}

function of(measurements: readonly Measurement[], number: number): readonly Measurement[] {
  const { name } = netOf(number)
  return measurements.filter(({ net }) => net === name)
}

function fastest(measurements: readonly Measurement[]): Measurement | undefined {
  return measurements.toSorted((a, b) => a.secondsPerEpoch - b.secondsPerEpoch)[0]
}

function count(threads: number): string {
  return threads === 1 ? 'one thread' : `${threads} threads`
}

function seconds(value: number): string {
  return `${value < 1 ? value.toFixed(2) : value.toPrecision(3)} s`
}

function times(gain: number): string {
  return `${gain.toFixed(2)} times`
}
