import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { createProxyServer } from 'http-proxy-3'
import { freePort } from './free-port.ts'
import { addressOf, type PlatformFacts, type ServiceName } from './services.ts'

/** What stands for Cloudflare and the load balancer: one port, and which service by the name of the host. */
export interface Edge extends AsyncDisposable {
  readonly port: number
  /** `http://api.platform.localhost:8080` */
  url(host: string): string
}

/** What the names of the platform's own hosts end with. */
export const PLATFORM_HOST = 'platform.localhost'

/** Every other host is a clinic's: the clinic app looks it up, and has nothing to say to strangers. */
const BY_HOST = new Map<string, ServiceName>([
  [`api.${PLATFORM_HOST}`, 'core-api'],
  [`telemetry.${PLATFORM_HOST}`, 'telemetry-api'],
  [`id.${PLATFORM_HOST}`, 'identity'],
  [`portal.${PLATFORM_HOST}`, 'portal'],
  [`console.${PLATFORM_HOST}`, 'console'],
])

/** Which service a `Host` header asks for. */
export function serviceOfHost(host: string | undefined): ServiceName {
  const name = (host ?? '').toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '')
  return BY_HOST.get(name) ?? 'clinic'
}

/** What services say to each other and to the load balancer is not for the world. */
const INTERNAL = /^\/(internal|readyz|healthz)(\/|$)/

/**
 * What becomes of a request by its target, as the request line has it. A service takes dots out of a path and decodes it, so it is
 * judged as what a service may make of it.
 *
 * @returns the status to refuse it with, or nothing where it may pass
 */
export function refusalOf(target: string | undefined): 400 | 404 | undefined {
  // Of a whole URL, as a proxy is sent, some would believe the host in it, and others the header.
  if (!target?.startsWith('/')) return 400
  try {
    const { pathname } = new URL(`http://edge${target}`)
    const path = new URL(`http://edge${decodeURIComponent(pathname).replace(/^[/\\]+/, '/')}`).pathname
    return INTERNAL.test(path.replace(/\/{2,}/g, '/').toLowerCase()) ? 404 : undefined
  } catch {
    return 400
  }
}

const TITLES = { 400: 'The request is not valid.', 404: 'There is nothing here.' }

/** A service that is being restarted answers nothing; longer than that is a fault. */
const ANSWER_LIMIT_MS = 60_000

export async function startEdge(facts: PlatformFacts, wantedPort: number | undefined): Promise<Edge> {
  // `Host` goes through as it came: it says which clinic.
  const proxy = createProxyServer({ xfwd: true, changeOrigin: false, proxyTimeout: ANSWER_LIMIT_MS })
  proxy.on('error', (_error, _request, response) => {
    if (isSocket(response)) response.destroy()
    else answer(response, 502, 'The service does not answer.')
  })
  const target = (request: IncomingMessage) => addressOf(serviceOfHost(request.headers.host), facts)
  const server = createServer((request, response) => {
    withoutForgeries(request)
    const refusal = refusalOf(request.url)
    if (refusal) answer(response, refusal, TITLES[refusal])
    else proxy.web(request, response, { target: target(request) })
  })
  server.on('upgrade', (request, socket, head) => {
    withoutForgeries(request)
    if (refusalOf(request.url)) socket.destroy()
    else proxy.ws(request, socket as Socket, head, { target: target(request) })
  })
  const port = wantedPort ?? (await freePort())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host: '127.0.0.1' }, resolve)
  })
  return {
    port,
    url: (host) => `http://${host}:${port}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      proxy.close()
      await closed
    },
  }
}

/** What a client says of who it is and where it went is the edge's to say. */
function withoutForgeries({ headers }: IncomingMessage): void {
  for (const name of Object.keys(headers)) {
    if (name === 'forwarded' || name.startsWith('x-forwarded-')) delete headers[name]
  }
}

function answer(response: ServerResponse, status: number, title: string): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  response
    .writeHead(status, { 'content-type': 'application/problem+json' })
    .end(JSON.stringify({ type: 'about:blank', title, status }))
}

function isSocket(response: ServerResponse | Socket): response is Socket {
  return !('writeHead' in response)
}
