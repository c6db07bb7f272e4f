import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect as connectTls, createServer as createTlsServer } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { startToxicProxy } from '../../../../src/testing/rig/proxy/index.ts'
import { GSSENC_REQUEST, SSL_REQUEST } from './frames.ts'
import { call, pause, serve, serveThrough, until, watch } from './loopback-server.ts'

const MEGABYTE = 1024 * 1024

describe('toxic proxy on plain TCP', () => {
  it('passes bytes of any protocol unchanged and counts their turns', async () => {
    await using rig = await serveThrough((socket) => socket.pipe(socket))
    const { socket, received } = await call(rig.proxy.port)
    for (const command of ['*1\r\n$4\r\nPING\r\n', '*1\r\n$4\r\nQUIT\r\n']) {
      const before = received().length
      socket.write(command)
      await until(() => received().length).toBe(before + command.length)
    }
    expect(received().toString()).toBe('*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nQUIT\r\n')
    expect(rig.proxy.counts).toMatchObject({
      roundTrips: 2,
      clientFlushes: 2,
      bytes: { client: 28, server: 28 },
    })
  })

  it('passes foreign bytes also while something asks for whole messages', async () => {
    await using rig = await serveThrough((socket) => socket.pipe(socket))
    const seen: unknown[] = []
    rig.proxy.onMessage((message) => seen.push(message))
    const { socket, received } = await call(rig.proxy.port)
    socket.write('PING\r\n')
    await until(() => received().toString()).toBe('PING\r\n')
    expect(seen).toEqual([])
  })

  it('passes a half-close of the client and lets the answer through', async () => {
    await using rig = await serveThrough((socket) => {
      socket.resume().on('end', () => socket.end('the whole answer'))
    })
    const { socket, received, ended } = await call(rig.proxy.port)
    socket.end('the whole question')
    await until(ended).toBe('FIN')
    expect(received().toString()).toBe('the whole answer')
    await until(() => rig.proxy.connections).toBe(0)
  })

  it('passes a half-close of the server and lets the client go on', async () => {
    await using rig = await serveThrough((socket) => socket.end('bye'))
    const { socket, ended } = await call(rig.proxy.port)
    await until(ended).toBe('FIN')
    const server = watch(rig.server.sockets[0] ?? socket)
    socket.end('but')
    await until(server.ended).toBe('FIN')
    expect(server.received().toString()).toBe('but')
    await until(() => rig.proxy.connections).toBe(0)
  })

  it('resets a half-closed connection', async () => {
    await using rig = await serveThrough(() => {})
    const { socket, ended } = await call(rig.proxy.port)
    await until(() => rig.server.sockets.length).toBe(1)
    const server = watch(rig.server.sockets[0] ?? socket)
    socket.end()
    await until(server.ended).toBe('FIN')
    expect(rig.proxy.resetAll()).toBe(1)
    await until(ended).toBe('ECONNRESET')
    await until(() => rig.proxy.connections).toBe(0)
  })

  it('passes the RST of either side to the other', async () => {
    await using rig = await serveThrough((socket) => socket.once('data', () => socket.resetAndDestroy()))
    const first = await call(rig.proxy.port)
    first.socket.write('question')
    await until(first.ended).toBe('ECONNRESET')

    const second = await call(rig.proxy.port)
    await until(() => rig.server.sockets.length).toBe(2)
    const other = watch(rig.server.sockets[1] ?? second.socket)
    second.socket.resetAndDestroy()
    await until(other.ended).toBe('ECONNRESET')
    await until(() => rig.proxy.connections).toBe(0)
  })

  it('resets the client when nobody listens at the target', async () => {
    const gone = await serve(() => {})
    await gone[Symbol.asyncDispose]()
    await using proxy = await startToxicProxy({ target: { host: '127.0.0.1', port: gone.port } })
    const { ended } = await call(proxy.port)
    await until(ended).toBe('ECONNRESET')
    await until(() => proxy.connections).toBe(0)
  })

  it('stops reading from a fast sender while the receiver takes nothing, and goes on when it does', async () => {
    const flood = new Flood()
    await using rig = await serveThrough((socket) => flood.pour(socket))
    const { socket, received } = await call(rig.proxy.port)
    socket.pause()
    const stalled = await flood.stalled()
    // What fits the kernel's buffers of four sockets and Node's own; without back-pressure it never stalls.
    expect(stalled).toBeLessThan(64 * MEGABYTE)
    socket.resume()
    await until(() => received().length).toBeGreaterThan(stalled)
  })

  it('holds at most a few megabytes in latency', async () => {
    const flood = new Flood()
    await using rig = await serveThrough((socket) => flood.pour(socket))
    rig.proxy.latency(1_000)
    const { received } = await call(rig.proxy.port)
    expect(await flood.stalled()).toBeLessThan(32 * MEGABYTE)
    expect(received().length).toBe(0)
    await until(() => received().length).toBeGreaterThan(0)
  })

  it('passes TLS untouched after an accepted SSLRequest, and counts nothing it cannot read', async () => {
    const psk = Buffer.alloc(16, 5)
    const secure = { ciphers: 'PSK-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' } as const
    const tlsServer = createTlsServer({ ...secure, pskCallback: () => psk }, (tls) => tls.pipe(tls))
    await using rig = await serveThrough((socket) => {
      socket.once('data', () => {
        socket.write('S')
        tlsServer.emit('connection', socket)
      })
    })
    const seen: unknown[] = []
    rig.proxy.onMessage(({ name }) => seen.push(name))
    const { socket } = await call(rig.proxy.port)
    socket.removeAllListeners('data')
    socket.write(SSL_REQUEST)
    await once(socket, 'data')
    const tls = connectTls({
      socket,
      ...secure,
      checkServerIdentity: () => undefined,
      pskCallback: () => ({ psk, identity: 'app' }),
    })
    tls.write('encrypted')
    expect(String((await once(tls, 'data'))[0])).toBe('encrypted')
    expect(seen).toEqual(['SSLRequest', 'EncryptionAccepted'])
    expect(rig.proxy.counts).toMatchObject({
      roundTrips: 0,
      clientFlushes: 0,
      messages: { client: {}, server: {} },
    })
    tls.destroy()
  })

  it('passes what follows an accepted GSSENCRequest from either side without reading it', async () => {
    await using rig = await serveThrough((socket) => {
      socket.once('data', () => socket.write('G and more'))
    })
    const seen: unknown[] = []
    rig.proxy.onMessage(({ name }) => seen.push(name))
    const { socket, received } = await call(rig.proxy.port)
    socket.write(GSSENC_REQUEST)
    await until(() => received().toString()).toBe('G and more')
    const server = watch(rig.server.sockets[0] ?? socket)
    const token = Buffer.from([0, 0, 0, 12, 0, 3, 0, 0, 1, 2])
    socket.write(token)
    await until(server.received).toEqual(token)
    expect(seen).toEqual(['GSSENCRequest', 'EncryptionAccepted'])
  })
})

/** A sender that writes as fast as it is let. */
class Flood {
  #accepted = 0

  pour(socket: Socket): void {
    const block = Buffer.alloc(MEGABYTE, 1)
    const send = (): void => {
      while (!socket.destroyed && socket.write(block, () => (this.#accepted += block.length)));
    }
    socket.on('drain', send)
    send()
  }

  /** How much was taken when nothing more is; Infinity when that does not happen within three seconds. */
  async stalled(): Promise<number> {
    for (let tries = 0; tries < 30; tries += 1) {
      const before = this.#accepted
      await pause(100)
      if (before > 0 && before === this.#accepted) return before
    }
    return Number.POSITIVE_INFINITY
  }
}
