import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { machineOverridesSchema, type MachineOverride } from '#core/contract/machine'
import { writeAtomically } from '../store/atomic-file'

/** machine-corrections.json beside the workspace. A file that cannot be read counts as no corrections. */
export class CorrectionsFile {
  private readonly folder: string
  private writing: Promise<void> = Promise.resolve()

  constructor(folder: string) {
    this.folder = folder
  }

  /** What stands after every `set` before it. */
  async load(): Promise<readonly MachineOverride[]> {
    await this.writing
    return this.read()
  }

  /** In the order of the calls. Null takes the correction back. */
  set(path: string, value: MachineOverride['value'] | null): Promise<void> {
    const write = this.writing.then(async () => {
      const others = (await this.read()).filter((override) => override.path !== path)
      const overrides = value === null ? others : [...others, { path, value }]
      await mkdir(this.folder, { recursive: true })
      await writeAtomically(this.path, JSON.stringify({ version: 1, overrides }, null, 2))
    })
    this.writing = write.catch(() => undefined)
    return write
  }

  private async read(): Promise<readonly MachineOverride[]> {
    try {
      const document: unknown = JSON.parse(await readFile(this.path, 'utf8'))
      const parsed = machineOverridesSchema.safeParse(document)
      return parsed.success ? parsed.data.overrides : []
    } catch {
      return []
    }
  }

  private get path(): string {
    return join(this.folder, 'machine-corrections.json')
  }
}
