/** As much of the page's `window` as the preload script and renderer/platform use. */
export class PageWindow extends EventTarget {
  readonly location = { origin: 'workbench://app' }
  readonly received: unknown[] = []

  /** As in a browser: whoever names another origin is not heard. */
  postMessage(data: unknown, origin: string, ports: readonly unknown[]): void {
    if (origin !== this.location.origin) return
    this.received.push(data)
    this.dispatchEvent(Object.assign(new Event('message'), { data, ports, source: this }))
  }
}
