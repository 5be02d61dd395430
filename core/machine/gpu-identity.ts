import type { GpuReport } from './report'
import type { Part } from './merge'

/** Recognises one card in what several sources say about it. */

/** '00000000:01:00.0', '0000:01:00.0' and '01:00.0' are one address: 'pci:0000:01:00.0'. Null for other text. */
export function pciAddress(text: string): string | null {
  const parts = /^(?:([0-9a-f]{4,8}):)?([0-9a-f]{2}):([0-9a-f]{2})\.([0-7])$/i.exec(text.trim())
  if (parts === null) return null
  const [, domain = '', bus = '', device = '', fn = ''] = parts
  return `pci:${domain.slice(-4).padStart(4, '0')}:${bus}:${device}.${fn}`.toLowerCase()
}

/** Vendor names as every source shall write them; null for a vendor we do not know. */
export function vendorByPciId(vendorId: string): string | null {
  return VENDORS[vendorId.toLowerCase().replace(/^0x/, '')] ?? null
}

const VENDORS: Readonly<Record<string, string>> = {
  '10de': 'NVIDIA',
  '1002': 'AMD',
  '1022': 'AMD',
  '8086': 'Intel',
  '106b': 'Apple',
  '5143': 'Qualcomm',
  '13b5': 'ARM',
  '15ad': 'VMware',
  '1af4': 'Red Hat (virtio)',
  '1b36': 'Red Hat (QXL)',
  '1234': 'QEMU',
  '80ee': 'VirtualBox',
  '1414': 'Microsoft',
  '1013': 'Cirrus Logic',
  '1a03': 'ASPEED',
  '102b': 'Matrox',
}

/** Display adapters of virtual machines, by PCI vendor. Microsoft's is Hyper-V's, or the basic render driver. */
export const VIRTUAL_VENDORS: ReadonlySet<string> = new Set([
  '15ad',
  '1af4',
  '1b36',
  '1234',
  '80ee',
  '1414',
  '1013',
])

/** The vendor as a free text names it, e.g. 'NVIDIA Corporation', 'AuthenticAMD', 'Intel(R) Iris'. */
export function vendorByName(text: string): string | null {
  if (/nvidia|geforce|quadro|\btesla\b/i.test(text)) return 'NVIDIA'
  if (/\bamd\b|advanced micro devices|radeon|\bati\b/i.test(text)) return 'AMD'
  if (/intel/i.test(text)) return 'Intel'
  if (/apple/i.test(text)) return 'Apple'
  if (/qualcomm|adreno/i.test(text)) return 'Qualcomm'
  if (/vmware/i.test(text)) return 'VMware'
  if (/virtualbox/i.test(text)) return 'VirtualBox'
  if (/virtio|red hat|qxl/i.test(text)) return 'Red Hat (virtio)'
  if (/microsoft|hyper-v/i.test(text)) return 'Microsoft'
  return null
}

type GpuPart = Part<GpuReport>

/**
 * Sorts the parts that sources give into one list per card. Sources come in order of trust; a source never
 * gives two parts of the same card. A part joins a card with its PCI address; without an address, one with its
 * PCI id; without that too, one with its name. Sources in `supplements` describe cards but do not prove
 * that one is present, so what they say of others is left out.
 */
export function groupByCard(
  sources: readonly { readonly parts: readonly GpuPart[]; readonly supplements: boolean }[],
): readonly (readonly GpuPart[])[] {
  const cards: GpuPart[][] = []
  const anyoneSees = sources.some(({ parts, supplements }) => !supplements && parts.length > 0)
  for (const { parts, supplements } of sources) {
    const taken = new Set<GpuPart[]>()
    for (const part of parts) {
      const card = cards.find((known) => !taken.has(known) && isSameCard(known, part))
      if (card !== undefined) {
        card.push(part)
        taken.add(card)
      } else if (!supplements || !anyoneSees) {
        const fresh = [part]
        cards.push(fresh)
        taken.add(fresh)
      }
    }
  }
  return cards
}

function isSameCard(card: readonly GpuPart[], part: GpuPart): boolean {
  const byAddress = compare(card, part, 'id')
  if (byAddress !== 'unknown') return byAddress === 'same'
  const byPciId = compare(card, part, 'pciId')
  if (byPciId !== 'unknown') return byPciId === 'same'
  return compare(card, part, 'name') === 'same'
}

function compare(
  card: readonly GpuPart[],
  part: GpuPart,
  key: 'id' | 'pciId' | 'name',
): 'same' | 'different' | 'unknown' {
  const mine = normalised(part[key]?.value)
  const theirs = card.flatMap((known) => normalised(known[key]?.value) ?? [])
  if (mine === null || theirs.length === 0) return 'unknown'
  return theirs.includes(mine) ? 'same' : 'different'
}

function normalised(text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null
  return text
    .toLowerCase()
    .replace(/\((r|tm|c)\)|corporation|nvidia|geforce|intel|amd|ati\b/g, '')
    .replace(/[^a-z0-9:.]+/g, ' ')
    .trim()
}
