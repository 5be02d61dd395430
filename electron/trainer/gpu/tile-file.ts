import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as z from 'zod'
import type { TileStore } from '#core/backend/webgpu/webgpu-options'

const schema = z.record(z.string(), z.string())

interface TileFile extends TileStore {
  all(): Readonly<Record<string, string>>
}

/** Where the file lies, for every host on this machine. */
export function tilePath(dataFolder: string): string {
  return join(dataFolder, 'gpu-tiles.json')
}

/** Which tiles were fastest, in a JSON file. A file that cannot be read or written only costs the time to measure again. */
export function tileFile(path: string): TileFile {
  const tiles = new Map(Object.entries(read(path)))
  return {
    all: () => Object.fromEntries(tiles),
    get: (key) => tiles.get(key),
    set: (key, value) => {
      // Another process may have written since.
      for (const [other, found] of Object.entries(read(path))) tiles.set(other, found)
      tiles.set(key, value)
      write(path, Object.fromEntries(tiles))
    },
  }
}

function read(path: string): Readonly<Record<string, string>> {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return {}
  }
}

function write(path: string, tiles: Readonly<Record<string, string>>): void {
  const temporary = `${path}.${String(process.pid)}.tmp`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(temporary, `${JSON.stringify(tiles, null, 2)}\n`)
    renameSync(temporary, path)
  } catch {
    // The tiles stay known to this process.
  }
}
