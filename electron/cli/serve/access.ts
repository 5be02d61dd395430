import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { hostname, networkInterfaces } from 'node:os'

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']

/**
 * Who may talk to `serve`. A request needs the token of this start, a Host that means this machine (a foreign name that
 * resolves here is how a page elsewhere would reach in), and no Origin but our own.
 */
export class Access {
  readonly token = randomBytes(24).toString('base64url')
  private readonly names: ReadonlySet<string>
  private readonly cookie: string

  /** `port` tells cookies of several servers on one machine apart. */
  constructor(host: string, port: number) {
    this.names = new Set([...LOOPBACK, ...(LOOPBACK.includes(host) ? [] : ownNames(host))])
    this.cookie = `workbench-${port}`
  }

  /** Whether the request may be answered; whoever is refused is not told why. */
  allows(request: IncomingMessage): boolean {
    const { host, origin } = request.headers
    if (host === undefined || !this.names.has(withoutPort(host))) return false
    if (origin !== undefined && origin !== `http://${host}`) return false
    const given = tokenInUrl(request.url) ?? this.tokenInCookie(request.headers.cookie)
    return given !== null && sameText(given, this.token)
  }

  /** For the answer to a request that brought the token in its address. */
  setCookie(): string {
    return `${this.cookie}=${this.token}; Path=/; HttpOnly; SameSite=Strict`
  }

  private tokenInCookie(header: string | undefined): string | null {
    const cookies = (header ?? '').split(';').map((cookie) => cookie.trim())
    const ours = cookies.find((cookie) => cookie.startsWith(`${this.cookie}=`))
    return ours?.slice(this.cookie.length + 1) ?? null
  }
}

function tokenInUrl(url: string | undefined): string | null {
  return new URL(url ?? '/', 'http://localhost').searchParams.get('token')
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase()
}

/** Names under which this machine is reached when it listens beyond itself (--host). */
function ownNames(host: string): readonly string[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address))
  return [host, hostname(), ...addresses].map((name) => name.toLowerCase())
}

function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
