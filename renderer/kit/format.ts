/** Numbers for people; every one of a kind has the same width, so that nothing jumps. */

/** 12,345 */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** 98.31 % of 0.9831, two decimals. */
export function percent(share: number, decimals = 2): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(decimals)} %` : '–'
}

/** A loss: four decimals, four significant digits where it is tiny. */
export function loss(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞'
  if (value !== 0 && Math.abs(value) < 1e-3) return value.toExponential(2)
  return value.toFixed(Math.abs(value) >= 1000 ? 1 : 4)
}

/** Two significant digits with the exponent: 3.1e-4; 0 as it is. */
export function scientific(value: number): string {
  if (value === 0) return '0'
  return Number.isFinite(value) ? value.toExponential(1) : '–'
}

/** 00:14, 12:05, 1:02:09. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const two = (part: number) => String(part).padStart(2, '0')
  const minutes = Math.floor(whole / 60) % 60
  const hours = Math.floor(whole / 3600)
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(whole % 60)}`
    : `${two(minutes)}:${two(whole % 60)}`
}

/** Binary units, named as such: 1.6 MiB. */
export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10))
  const scaled = value / 1024 ** power
  return `${scaled.toFixed(power === 0 || scaled >= 100 ? 0 : 1)} ${units[power] ?? ''}`
}

/** 610 k, 1.2 M, 3.4 G. */
export function compact(value: number): string {
  const units = ['', ' k', ' M', ' G', ' T']
  const power = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3))
  const scaled = value / 1000 ** power
  return `${scaled.toFixed(power === 0 || scaled >= 100 ? 0 : 1)}${units[power] ?? ''}`
}

/**
 * weightDecay -> weight_decay, tMax -> T_max: the name as torch writes it. `type` is the class it is an argument of: t0 is
 * T_0 for CosineAnnealingWarmRestarts and t0 for ASGD.
 */
export function torchName(name: string, type = ''): string {
  const capital: Readonly<Record<string, string>> = { t0: 'T_0', tMult: 'T_mult', tMax: 'T_max' }
  return (
    (type === 'ASGD' ? undefined : capital[name]) ??
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  )
}
