import type { MemoryReport, ModuleReport } from './report'
import { unknownLeaf } from './measured'
import type { Part } from './merge'

/**
 * What the populated modules say about the memory as a whole.
 *
 * All modules run at the speed of the slowest. The number of channels is nowhere stored: it is inferred from
 * the locators ("ChannelA-DIMM0", "DIMM_B1", "P0 CHANNEL C"), and unknown when they do not tell.
 */
export function summariseModules(modules: readonly ModuleReport[]): Part<MemoryReport> {
  const first = modules[0]
  if (first === undefined) return {}
  const source = first.size.source
  const derived = { source, confidence: 'derived' } as const
  const channels = inferChannels(modules)
  const widths = numbers(modules.map((module) => module.dataWidth.value))
  const type = same(modules.map((module) => module.type.value))
  const ecc = errorCorrection(modules)
  return {
    slotsPopulated: { value: modules.length, unit: null, method: 'populated slots', ...derived },
    ...(type === null
      ? {}
      : { type: { value: type, unit: null, method: 'all modules', ...derived } }),
    ...slowest('speed', source, modules),
    ...slowest('speedRated', source, modules),
    ...(widths === null
      ? {}
      : {
          dataWidth: {
            value: Math.min(...widths),
            unit: 'bit',
            method: 'of one module',
            ...derived,
          },
        }),
    ...(ecc === null
      ? {}
      : { ecc: { value: ecc, unit: null, method: 'total width is above data width', ...derived } }),
    channels,
    busWidth:
      channels.value === null
        ? unknownLeaf('bit', 'needs the number of channels')
        : {
            value: channels.value * 64,
            unit: 'bit',
            source,
            method: `${channels.value} channels x 64 bit`,
            confidence: 'inferred',
          },
  }
}

function slowest(
  key: 'speed' | 'speedRated',
  source: string,
  modules: readonly ModuleReport[],
): Part<MemoryReport> {
  const speeds = numbers(modules.map((module) => module[key].value))
  if (speeds === null) return {}
  const value = Math.min(...speeds)
  return {
    [key]: { value, unit: 'MT/s', source, method: 'the slowest module', confidence: 'derived' },
  }
}

function inferChannels(modules: readonly ModuleReport[]): MemoryReport['channels'] {
  const keys = modules.map((module) => channelKey(module.locator.value ?? ''))
  if (keys.includes(null)) {
    return unknownLeaf(null, 'the slot names do not tell the channels')
  }
  const widthOf = new Map<string, number>()
  modules.forEach((module, i) => {
    // A low-power chip is narrower than 64 bits and is a channel of its own width; a module counts as 64.
    const narrow = module.type.value?.startsWith('LPDDR') === true ? module.dataWidth.value : null
    widthOf.set(keys[i] ?? '', Math.min(narrow ?? 64, 64))
  })
  const value = [...widthOf.values()].reduce((sum, width) => sum + width) / 64
  if (!Number.isInteger(value)) return unknownLeaf(null, 'the widths add up to no whole channels')
  return {
    value,
    unit: null,
    source: modules[0]?.locator.source ?? '',
    method: `from the slot names ${modules.map((module) => module.locator.value ?? '').join(', ')}`,
    confidence: 'inferred',
  }
}

/** Processor, controller and channel in a slot name; null when it names no channel. */
function channelKey(locator: string): string | null {
  const cpu = /\b(?:cpu|proc|processor|node|p)[ _]?(\d)/i.exec(locator)?.[1] ?? ''
  const controller = /controller[ _]?(\d)/i.exec(locator)?.[1] ?? ''
  const channel =
    /channel[ _-]?([a-z]|\d+)/i.exec(locator)?.[1] ??
    /(?:dimm|slot)[ _-]?([a-p])[ _-]?\d*\b/i.exec(locator)?.[1] ??
    /\b([a-p])\d?[ _-]?dimm/i.exec(locator)?.[1]
  return channel === undefined ? null : `${cpu}/${controller}/${channel.toUpperCase()}`
}

function errorCorrection(modules: readonly ModuleReport[]): boolean | null {
  const pairs = modules.map(({ totalWidth, dataWidth }) =>
    totalWidth.value === null || dataWidth.value === null
      ? null
      : totalWidth.value > dataWidth.value,
  )
  return pairs.includes(null) ? null : pairs.every((pair) => pair === true)
}

function numbers(values: readonly (number | null)[]): readonly number[] | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known
}

function same(values: readonly (string | null)[]): string | null {
  const first = values[0] ?? null
  return values.every((value) => value === first) ? first : null
}
