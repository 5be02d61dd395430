import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { findPageFile } from '../../../electron/page/page-file'

const PAGE =
  '<!doctype html><meta charset="utf-8"><script type="module" src="/bundle/js-page.js"></script>'

/** Isolated from all others, a page may share memory with its workers. */
const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

export interface PageFolders {
  /** Built bundles of the bench. */
  readonly bundle: string
  /** A folder node_modules. */
  readonly modules: string
  readonly mnist: string
}

/** Serves page.ts and what it loads, to this machine only. */
export async function servePage(folders: PageFolders) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    void answer(folders, pathname).then(({ body, contentType }) => {
      response.writeHead(body === null ? 404 : 200, { ...ISOLATED, 'Content-Type': contentType })
      response.end(body ?? '')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an address of this type.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function answer(folders: PageFolders, path: string) {
  if (path === '/') return { body: PAGE, contentType: 'text/html; charset=utf-8' }
  const [, name = '', ...rest] = path.split('/')
  const folder = new Map(Object.entries(folders)).get(name)
  const file = folder === undefined ? null : await findPageFile(folder, rest.join('/'))
  if (file === null) return { body: null, contentType: 'text/plain' }
  return { body: await readFile(file.path), contentType: file.contentType }
}
