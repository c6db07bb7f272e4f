import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const BUCKET = 'archives'

/** An S3-compatible server that listens on this machine. */
export interface S3Server extends AsyncDisposable {
  readonly endpoint: string
}

/** How a request may be tampered with on its way: answered in the server's place, or the body of its answer changed. */
export interface Tampering {
  /** @returns a status to answer with instead, or nothing */
  readonly refuse?: (method: string, url: string) => number | undefined
  readonly change?: (method: string, url: string, body: Buffer) => Buffer
  readonly dropEtag?: (url: string) => boolean
}

/** Servers by name: s3rver checks signatures, fauxqs knows AbortMultipartUpload and the least size of a part. */
export const S3_SERVERS: Readonly<Record<'s3rver' | 'fauxqs', () => Promise<S3Server>>> = {
  s3rver: startS3rver,
  fauxqs: startFauxqsServer,
}

interface S3rver {
  run(): Promise<AddressInfo>
  close(): Promise<void>
}

async function startS3rver(): Promise<S3Server> {
  const S3rver = createRequire(import.meta.url)('@20minutes/s3rver') as new (
    options: Record<string, unknown>,
  ) => S3rver
  const directory = await mkdtemp(join(tmpdir(), 'leasehold-s3-'))
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    vhostBuckets: false,
    configureBuckets: [{ name: BUCKET }],
  })
  const { port } = await server.run()
  return {
    endpoint: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      await server.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function startFauxqsServer(): Promise<S3Server> {
  const { buildApp } = await import('fauxqs')
  const app = buildApp({ logger: false })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const endpoint = `http://127.0.0.1:${port}`
  const made = await fetch(`${endpoint}/${BUCKET}`, { method: 'PUT' })
  if (!made.ok) throw new Error(`fauxqs made no bucket: ${made.status}`)
  return {
    endpoint,
    [Symbol.asyncDispose]: async () => {
      await app.close()
    },
  }
}

/** A way to a server on which requests are tampered with, and each is noted as `METHOD url`. */
export async function tamperWith(
  server: S3Server,
  tampering: Tampering,
): Promise<S3Server & { readonly seen: readonly string[] }> {
  const seen: string[] = []
  const proxy = createServer((incoming, answer) => {
    const { method = '', url = '' } = incoming
    seen.push(`${method} ${url}`)
    const status = tampering.refuse?.(method, url)
    if (status === undefined) forward(server, tampering, incoming, answer)
    else incoming.resume().on('end', () => answer.writeHead(status).end())
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const { port } = proxy.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    seen,
    [Symbol.asyncDispose]: async () => {
      proxy.closeAllConnections()
      await new Promise((resolve) => proxy.close(resolve))
    },
  }
}

function forward(
  server: S3Server,
  { change, dropEtag }: Tampering,
  incoming: IncomingMessage,
  answer: ServerResponse,
): void {
  const { method = '', url = '', headers } = incoming
  // The host header stays as it was signed.
  const onward = request(`${server.endpoint}${url}`, { method, headers }, (reply) => {
    const chunks: Buffer[] = []
    reply.on('data', (chunk: Buffer) => chunks.push(chunk))
    reply.on('end', () => {
      const body = Buffer.concat(chunks)
      const changed = change?.(method, url, body) ?? body
      const replied: Record<string, unknown> = { ...reply.headers }
      if (method !== 'HEAD' && changed !== body) replied['content-length'] = changed.length
      if (dropEtag?.(url)) delete replied.etag
      answer.writeHead(reply.statusCode ?? 502, replied as IncomingMessage['headers'])
      answer.end(changed)
    })
  })
  onward.on('error', () => answer.destroy())
  incoming.pipe(onward)
}
