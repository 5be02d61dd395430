/** Walking JSON that another program wrote: nothing about its shape is taken for granted. */

export type JsonObject = Readonly<Record<string, unknown>>

/** Null for text that is no JSON. Byte order marks, which PowerShell likes, are skipped. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown
  } catch {
    return null
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The objects in a list; a lone object counts as a list of one, as PowerShell unrolls such lists. */
export function objectsIn(value: unknown): readonly JsonObject[] {
  if (isObject(value)) return [value]
  return Array.isArray(value) ? value.filter(isObject) : []
}

export function textIn(object: JsonObject, key: string): string | null {
  const value = object[key]
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

/** A finite number, or one written as text (64-bit values in CIM). */
export function numberIn(object: JsonObject, key: string): number | null {
  const value = object[key]
  if (typeof value === 'string' && /^\d{1,18}$/.test(value)) return Number(value)
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}
