/** Whether `data` is the message that brings a port to the GPU host's page. */
export function isPortMessage(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'gpu-port'
}
