import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeAtomically } from '../store/atomic-file'

type Document = Readonly<Record<string, unknown>>

/** workspace.json: the document that the Bench edits. A file that cannot be read is left where it is and ignored. */
export class WorkspaceFile {
  private readonly folder: string
  private writing: Promise<void> = Promise.resolve()

  constructor(folder: string) {
    this.folder = folder
  }

  async load(): Promise<Document | null> {
    try {
      const document: unknown = JSON.parse(await readFile(this.path, 'utf8'))
      return isDocument(document) ? document : null
    } catch {
      return null
    }
  }

  /** Saves in the order of the calls. */
  save(document: Document): Promise<void> {
    const write = this.writing.then(async () => {
      await mkdir(this.folder, { recursive: true })
      await writeAtomically(this.path, JSON.stringify(document))
    })
    this.writing = write.catch(() => undefined)
    return write
  }

  private get path(): string {
    return join(this.folder, 'workspace.json')
  }
}

function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
