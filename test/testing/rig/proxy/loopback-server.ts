import { once } from 'node:events'
import { createConnection, createServer, type Socket } from 'node:net'
import { expect } from 'vitest'
import { startToxicProxy, type ToxicProxy } from '../../../../src/testing/rig/proxy/index.ts'
import { AUTHENTICATION_OK, READY, STARTUP } from './frames.ts'

export interface LoopbackServer extends AsyncDisposable {
  readonly port: number
  readonly sockets: readonly Socket[]
}

/** A TCP server on 127.0.0.1 that does what `script` says with each connection; half-open ones stay open. */
export async function serve(script: (socket: Socket) => void): Promise<LoopbackServer> {
  const sockets: Socket[] = []
  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    script(socket)
  }).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP port')
  return {
    port: address.port,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => listener.close(resolve))
    },
  }
}

/** A scripted server with a proxy before it. */
export interface Served extends AsyncDisposable {
  readonly proxy: ToxicProxy
  readonly server: LoopbackServer
}

export async function serveThrough(script: (socket: Socket) => void): Promise<Served> {
  const server = await serve(script)
  const proxy = await startToxicProxy({ target: { host: '127.0.0.1', port: server.port } })
  return {
    proxy,
    server,
    async [Symbol.asyncDispose]() {
      await proxy.close()
      await server[Symbol.asyncDispose]()
    },
  }
}

/** A socket that keeps what it received and how it ended: `'open'`, `'FIN'` or an error code. */
export interface Watched {
  readonly socket: Socket
  readonly received: () => Buffer
  readonly ended: () => string
}

export function watch(socket: Socket): Watched {
  const chunks: Buffer[] = []
  let ended = 'open'
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('end', () => {
    ended = 'FIN'
  })
  socket.on('error', (error: NodeJS.ErrnoException) => {
    ended = error.code ?? error.message
  })
  return { socket, received: () => Buffer.concat(chunks), ended: () => ended }
}

export async function call(port: number): Promise<Watched> {
  const watched = watch(createConnection({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true }))
  await once(watched.socket, 'connect')
  return watched
}

/** A script that passes start-up; then each chunk is answered with `answer`. */
export function sessionScript(answer: Buffer): (socket: Socket) => void {
  return (socket) => {
    socket.once('data', () => {
      socket.write(Buffer.concat([AUTHENTICATION_OK, READY]))
      socket.on('data', () => socket.write(answer))
    })
  }
}

/** A caller behind its first ReadyForQuery. */
export async function session(proxy: ToxicProxy): Promise<Watched> {
  const caller = await call(proxy.port)
  caller.socket.write(STARTUP)
  await until(() => caller.received().includes(READY)).toBe(true)
  return caller
}

/** Polls closely: what is awaited happens within a few milliseconds. */
export function until<Value>(read: () => Value): ReturnType<typeof expect.poll<Value>> {
  return expect.poll(read, { timeout: 5_000, interval: 5 })
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
