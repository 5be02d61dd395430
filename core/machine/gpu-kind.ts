import type { GpuKind } from './report'

/** First match decides. Order matters: software and virtual adapters may carry a vendor's name. */
const PATTERNS: readonly (readonly [RegExp, GpuKind])[] = [
  [/llvmpipe|softpipe|swiftshader|lavapipe|basic render|basic display|software/i, 'software'],
  [/vmware|svga|virtualbox|virtio|qxl|hyper-v|parallels|cirrus|bochs|citrix/i, 'virtual'],
  [/remote display|remotefx|idd\b|displaylink|spacedesk|meta virtual/i, 'virtual'],
  [/\bapple m\d/i, 'unified'],
  [/\bgb10\b|tegra|\borin\b|\bthor\b|xavier/i, 'unified'],
  [/nvidia|geforce|quadro|\btesla\b/i, 'discrete'],
  [/\barc\b.*\b[ab]\d{2,3}m?\b|data center gpu|\bdg[12]\b|battlemage|alchemist/i, 'discrete'],
  [/intel|\b(u?hd|iris)\b.*graphics|\biris\b/i, 'integrated'],
  [
    /\brx ?(vega )?\d|radeon pro|instinct|\bmi\d{2,3}|radeon vii|firepro|\br[79] \d{3}/i,
    'discrete',
  ],
  [
    /radeon(\(tm\))? (vega )?\d* ?graphics|radeon(\(tm\))? \d{3}m\b|radeon 80[456]0s/i,
    'integrated',
  ],
  [
    /\bvega \d{1,2} graphics|radeon vega (series|mobile)|radeon(\(tm\))? r\d graphics/i,
    'integrated',
  ],
  [
    /raven|picasso|renoir|lucienne|cezanne|barcelo|rembrandt|raphael|phoenix|hawk point|strix|granite ridge|van ?gogh|mendocino/i,
    'integrated',
  ],
  [/adreno|mali/i, 'unified'],
]

/** The kind a card's name suggests; null when it suggests nothing. */
export function kindByName(name: string): GpuKind | null {
  return PATTERNS.find(([pattern]) => pattern.test(name))?.[1] ?? null
}
