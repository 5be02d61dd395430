import { readFileSync } from 'node:fs'
import * as z from 'zod'

const packageSchema = z.object({ version: z.string() })

/** The workbench's version, from the package.json in `root`. */
export function workbenchVersion(root: URL): string {
  return packageSchema.parse(JSON.parse(readFileSync(new URL('package.json', root), 'utf8')))
    .version
}
