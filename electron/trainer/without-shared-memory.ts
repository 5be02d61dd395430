/**
 * A message of plain objects, maps and typed arrays as another process can take it: what lies in shared memory, as the
 * data set does, is copied; everything else stays what it is.
 */
export function withoutSharedMemory(message: unknown): unknown {
  if (typeof message !== 'object' || message === null) return message
  if (ArrayBuffer.isView(message)) return isShared(message) ? copied(message) : message
  if (message instanceof Map)
    return new Map(Array.from(message, ([key, value]) => [key, withoutSharedMemory(value)]))
  if (Array.isArray(message)) return message.map(withoutSharedMemory)
  return Object.fromEntries(
    Object.entries(message).map(([key, value]) => [key, withoutSharedMemory(value)]),
  )
}

function isShared({ buffer }: ArrayBufferView): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer
}

function copied(view: ArrayBufferView): unknown {
  // structuredClone keeps shared memory shared; a typed array's own slice does not.
  return 'slice' in view && typeof view.slice === 'function' ? view.slice() : view
}
