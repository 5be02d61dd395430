const CHUNK = 8192

/** Text of UTF-8 bytes, in plain ECMAScript: core has no TextDecoder. Throws URIError at bytes that are no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  let latin = ''
  for (let at = 0; at < bytes.length; at += CHUNK)
    latin += String.fromCharCode(...bytes.subarray(at, at + CHUNK))
  if (!/[^\0-\x7f]/.test(latin)) return latin
  return decodeURIComponent(
    latin.replace(/[%\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`),
  )
}
