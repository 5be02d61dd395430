import { realpath, stat } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

export interface PageFile {
  readonly path: string
  readonly contentType: string
}

/**
 * The existing file inside `root` that the path of a URL means ("/" is index.html), or null.
 * Nothing outside `root` is found, and links that lead out are not followed.
 */
export async function findPageFile(root: string, urlPath: string): Promise<PageFile | null> {
  try {
    const wanted = decodeURIComponent(urlPath)
    if (wanted.includes('\0')) return null
    const folder = await realpath(root)
    const path = await realpath(join(folder, wanted === '/' ? 'index.html' : wanted))
    if (!path.startsWith(folder + sep) || !(await stat(path)).isFile()) return null
    return { path, contentType: TYPES[extname(path)] ?? 'application/octet-stream' }
  } catch {
    return null
  }
}
