import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A file of PyTorch's numbers; test/golden/README.md says how each is made. */
export function readGolden(name: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'golden', `${name}.json`), 'utf8'))
}
