import { createReadStream } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { findPageFile } from '../../page/page-file'

/** Answers with a file of `root`, and with nothing outside it. */
export async function sendFile(
  root: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    sendStatus(response, 405, 'Only GET and HEAD are answered')
    return
  }
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  const file = await findPageFile(root, pathname)
  if (file === null) {
    sendStatus(response, 404, 'There is no such file')
    return
  }
  response.writeHead(200, { 'Content-Type': file.contentType })
  if (request.method === 'HEAD') response.end()
  else
    createReadStream(file.path)
      .on('error', () => response.destroy())
      .pipe(response)
}

export function sendStatus(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' })
  response.end(`${text}\n`)
}
