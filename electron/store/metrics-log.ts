import { open, type FileHandle } from 'node:fs/promises'
import type { MetricsLine } from './metrics-lines'

const FLUSH_MILLISECONDS = 1_000

/** Appends to metrics.jsonl; what was added is in the file within a second, even if the process is killed then. */
export class MetricsLog {
  private readonly file: FileHandle
  private readonly timer: NodeJS.Timeout
  private readonly onError: (error: unknown) => void
  private pending: string[] = []
  private writing: Promise<void> = Promise.resolve()

  private constructor(file: FileHandle, onError: (error: unknown) => void) {
    this.file = file
    this.onError = onError
    this.timer = setInterval(() => {
      this.flush().catch(this.onError)
    }, FLUSH_MILLISECONDS)
    this.timer.unref()
  }

  /** `onError` hears of writes that failed (disk full), once per failed flush. */
  static async open(path: string, onError: (error: unknown) => void): Promise<MetricsLog> {
    return new MetricsLog(await open(path, 'a'), onError)
  }

  add(line: MetricsLine): void {
    this.pending.push(`${JSON.stringify(line)}\n`)
  }

  /** Resolves when everything added so far was handed to the file system. */
  flush(): Promise<void> {
    const text = this.pending.join('')
    this.pending = []
    const write = this.writing.then(async () => {
      if (text !== '') await this.file.appendFile(text)
    })
    this.writing = write.catch(() => undefined)
    return write
  }

  async close(): Promise<void> {
    clearInterval(this.timer)
    try {
      await this.flush()
    } finally {
      await this.file.close()
    }
  }
}
