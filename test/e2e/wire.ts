/** What a structured clone carries over a port, as JSON, for the line between a page and the test that drives it. */
export interface Wire {
  encode(value: unknown): string
  decode(text: string): unknown
}

/** Stands alone, so that it can be sent into a page as text. */
export function createWire(): Wire {
  const constructors = {
    Uint8Array,
    Uint32Array,
    Int32Array,
    Float32Array,
    Float64Array,
  }
  const base64 = (view: ArrayBufferView): string => {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    let text = ''
    for (let at = 0; at < bytes.length; at += 0x8000)
      text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
    return btoa(text)
  }
  const replace = (value: unknown): unknown => {
    if (value instanceof Map) return { $map: Array.from(value, ([k, v]) => [k, replace(v)]) }
    if (ArrayBuffer.isView(value)) return { $view: value.constructor.name, base64: base64(value) }
    if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) }
    if (Array.isArray(value)) return value.map(replace)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, replace(v)]))
  }
  const revive = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(revive)
    if (typeof value !== 'object' || value === null) return value
    if ('$number' in value) return Number(value.$number)
    if ('$map' in value && Array.isArray(value.$map))
      return new Map(value.$map.map((pair: [unknown, unknown]) => [pair[0], revive(pair[1])]))
    if ('$view' in value && 'base64' in value) {
      const bytes = Uint8Array.from(atob(String(value.base64)), (char) => char.charCodeAt(0))
      return new constructors[value.$view as keyof typeof constructors](bytes.buffer)
    }
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, revive(v)]))
  }
  return {
    encode: (value) => JSON.stringify(replace(value)),
    decode: (text) => revive(JSON.parse(text)),
  }
}
