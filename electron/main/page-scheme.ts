import { readFile } from 'node:fs/promises'
import { protocol } from 'electron'
import { findPageFile } from '../page/page-file'
import { SECURITY_HEADERS } from '../page/security-headers'

const SCHEME = 'workbench'
const HOST = 'app'

/** Where the built page lives. */
export const PAGE_URL = `${SCHEME}://${HOST}/`

/** Makes the scheme an origin like https, which WebGPU, fetch and storage need. Must run before the app is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Serves the files of `root`, and nothing outside it. */
export function servePage(root: string): void {
  protocol.handle(SCHEME, (request) => answer(root, request))
}

async function answer(root: string, { method, url }: Request): Promise<Response> {
  if (method !== 'GET' && method !== 'HEAD') return refusal(405, 'Only GET and HEAD are answered')
  const { host, pathname } = new URL(url)
  const file = host === HOST ? await findPageFile(root, pathname) : null
  if (file === null) return refusal(404, 'There is no such file')
  return new Response(method === 'GET' ? await readFile(file.path) : null, {
    headers: { ...SECURITY_HEADERS, 'Content-Type': file.contentType },
  })
}

function refusal(status: number, text: string): Response {
  return new Response(text, {
    status,
    headers: { ...SECURITY_HEADERS, 'Content-Type': 'text/plain; charset=utf-8' },
  })
}
