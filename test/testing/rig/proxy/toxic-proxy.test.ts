import { describe, expect, it } from 'vitest'
import {
  type SeenMessage,
  startToxicProxy,
  type TamperInfo,
} from '../../../../src/testing/rig/proxy/index.ts'
import { ProxyTally } from '../../../../src/testing/rig/proxy/proxy-counts.ts'
import { frame, query, READY, STARTUP } from './frames.ts'
import { call, pause, serve, serveThrough, session, sessionScript, until, watch } from './loopback-server.ts'

const ANSWER = Buffer.concat([frame('C', 'SELECT 1\0'), READY])

describe('counts', () => {
  it('start from zero after a reset, without the answer to what was sent before it', async () => {
    await using rig = await serveThrough(sessionScript(ANSWER))
    const { socket } = await session(rig.proxy)
    rig.proxy.latency({ upMs: 150 })
    socket.write(query('select 1'))
    await until(() => rig.proxy.counts.clientFlushes).toBe(1)
    rig.proxy.resetCounts()
    await until(() => rig.proxy.counts.messages.server).toEqual({ C: 1, Z: 1 })
    expect(rig.proxy.counts).toMatchObject({ roundTrips: 0, clientFlushes: 0, connections: 0 })
    expect(Object.isFrozen(rig.proxy.counts.perConnection)).toBe(true)
  })

  it('take two questions with only a notification between them for one flush', async () => {
    await using rig = await serveThrough((socket) => {
      socket.once('data', () => {
        socket.write(READY)
        socket.once('data', () => {
          socket.write(frame('A', Buffer.alloc(6)))
          socket.once('data', () => socket.write(Buffer.concat([ANSWER, ANSWER])))
        })
      })
    })
    const { socket, received } = await call(rig.proxy.port)
    const step = async (bytes: Buffer): Promise<void> => {
      const before = received().length
      socket.write(bytes)
      await until(() => received().length).toBeGreaterThan(before)
    }
    for (const bytes of [STARTUP, query('select 1'), query('select 2')]) await step(bytes)
    expect(rig.proxy.counts).toMatchObject({ roundTrips: 1, clientFlushes: 1 })
  })

  it('keep the connections that closed last, and only those', () => {
    const tally = new ProxyTally()
    for (let connection = 0; connection < 1_500; connection += 1) {
      tally.open(connection).addBytes('client', 1)
      tally.close(connection)
    }
    const { perConnection, bytes, connections } = tally.snapshot()
    expect([Object.keys(perConnection).length, bytes.client, connections]).toEqual([1_000, 1_500, 1_500])
    expect([perConnection[499], perConnection[500]?.bytes.client]).toEqual([undefined, 1])
  })
})

describe('message observers and hooks', () => {
  it('are removed one by one, also when one function observes twice', async () => {
    await using rig = await serveThrough(sessionScript(ANSWER))
    const { socket } = await session(rig.proxy)
    const seen: SeenMessage[] = []
    const observe = (message: SeenMessage): unknown => seen.push(message)
    const [first, second] = [rig.proxy.onMessage(observe), rig.proxy.onMessage(observe)]
    for (const [stop, expected] of [
      [first, 6],
      [second, 9],
    ] as const) {
      socket.write(query('select 1'))
      await until(() => seen.length).toBe(expected)
      stop()
      stop()
    }
  })

  it('fail their connection and the close of the proxy with what they threw', async () => {
    await using server = await serve((socket) => socket.resume())
    const proxy = await startToxicProxy({ target: { host: '127.0.0.1', port: server.port } })
    proxy.onMessage(() => {
      throw new Error('expectation failed')
    })
    const { socket, ended } = await call(proxy.port)
    socket.write(STARTUP)
    await until(ended).toBe('ECONNRESET')
    await expect(proxy.close()).rejects.toMatchObject({ errors: [{ message: 'expectation failed' }] })
  })

  it('let the rest of a message that is not whole pass when its sender ends', async () => {
    await using rig = await serveThrough(() => {})
    rig.proxy.onMessage(() => {})
    const { socket } = await call(rig.proxy.port)
    await until(() => rig.server.sockets.length).toBe(1)
    const server = watch(rig.server.sockets[0] ?? socket)
    socket.end(STARTUP.subarray(0, 10))
    await until(server.ended).toBe('FIN')
    expect(server.received()).toEqual(STARTUP.subarray(0, 10))
  })

  it('are one to a direction, and only the server has replies', async () => {
    await using rig = await serveThrough(sessionScript(ANSWER))
    const pass = (message: Buffer): Buffer => message
    expect(() => rig.proxy.tamper('client', pass, { unit: 'reply' })).toThrow('only the server sends replies')
    const remove = rig.proxy.tamper('client', pass)
    expect(() => rig.proxy.tamper('client', pass)).toThrow('call what tamper() returned first')
    remove()
    rig.proxy.tamper('client', pass)
    remove()
    expect(() => rig.proxy.tamper('client', pass)).toThrow('call what tamper() returned first')
  })

  it('get whole replies from behind start-up on only', async () => {
    await using rig = await serveThrough(sessionScript(ANSWER))
    const replies: Buffer[] = []
    rig.proxy.tamper(
      'server',
      (reply) => {
        replies.push(reply)
        return reply
      },
      { unit: 'reply' },
    )
    const { socket } = await session(rig.proxy)
    socket.write(query('select 1'))
    await until(() => replies).toEqual([ANSWER])
  })

  it('cannot inject into a connection that is gone', async () => {
    await using rig = await serveThrough(sessionScript(ANSWER))
    let last: TamperInfo | undefined
    rig.proxy.tamper('server', (message, info) => {
      last = info
      return message
    })
    const { received } = await session(rig.proxy)
    const before = received().length
    expect(last?.inject(READY)).toBe(true)
    await until(() => received().length).toBe(before + READY.length)
    rig.proxy.resetAll()
    expect(last?.inject(READY)).toBe(false)
  })
})

describe('toxic proxy', () => {
  it('takes every toxic away at once', async () => {
    await using rig = await serveThrough(sessionScript(ANSWER))
    const seen: unknown[] = []
    rig.proxy.latency(5_000)
    rig.proxy.refuse(true)
    rig.proxy.onMessage((message) => seen.push(message))
    rig.proxy.tamper('server', () => null)
    rig.proxy.blackHole(true)
    rig.proxy.clearToxics()
    const { socket, received } = await session(rig.proxy)
    socket.write(query('select 1'))
    await until(() => received().toString('latin1')).toContain('SELECT 1')
    expect(seen).toEqual([])
  })

  it('says no to a latency that cannot be, and to a port that is taken', async () => {
    await using rig = await serveThrough(sessionScript(ANSWER))
    for (const ms of [-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31]) {
      expect(() => rig.proxy.latency(ms)).toThrow(RangeError)
      expect(() => rig.proxy.latency({ downMs: ms })).toThrow(RangeError)
    }
    const { port } = rig.proxy
    await expect(startToxicProxy({ target: { host: '127.0.0.1', port: 1 }, port })).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}`,
    )
  })

  it('closes once, for good, with connections alive', async () => {
    await using rig = await serveThrough(sessionScript(ANSWER))
    const { proxy } = rig
    const { ended } = await session(proxy)
    proxy.latency(60_000)
    proxy.blackHole(true)
    const closing = proxy.close()
    expect(proxy.close()).toBe(closing)
    await closing
    await until(ended).toBe('ECONNRESET')
    await expect(call(proxy.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await pause(10)
    expect(proxy.connections).toBe(0)
  })
})
