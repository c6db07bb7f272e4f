import { describe, expect, it } from 'vitest'
import type { SeenMessage } from '../../../../src/testing/rig/proxy/index.ts'
import { frame, query, READY } from './frames.ts'
import { pause, serveThrough, session, sessionScript, until, watch } from './loopback-server.ts'

const TAG = frame('C', 'SELECT 1\0')
const ANSWER = Buffer.concat([TAG, READY])
const NEVER = { direction: 'server', message: 99, when: 'before' } as const

describe('cut', () => {
  it('lets exactly the torn bytes through', async () => {
    await using rig = await serveThrough(sessionScript(ANSWER))
    const { socket, received, ended } = await session(rig.proxy)
    const before = received().length
    const report = rig.proxy.cutAt({ direction: 'server', message: 1, when: 'after', bytes: 3 })
    socket.write(query('select 1'))
    expect(await report).toMatchObject({ type: 'Z', length: 6, forwardedBytes: 3 })
    await until(ended).toBe('ECONNRESET')
    expect(received().subarray(before)).toEqual(ANSWER.subarray(0, ANSWER.length - 3))
  })

  it('sees, counts and forwards nothing behind it', async () => {
    await using rig = await serveThrough(sessionScript(Buffer.concat([ANSWER, ANSWER])))
    const { socket, received, ended } = await session(rig.proxy)
    const before = received().length
    const seen: string[] = []
    rig.proxy.onMessage(({ direction, type }) => {
      if (direction === 'server') seen.push(type)
    })
    const report = rig.proxy.cutAt({ direction: 'server', message: 0, when: 'after' })
    const second = rig.proxy.cutAt({ direction: 'server', message: 2, when: 'after' })
    socket.write(query('select 1'))
    await report
    await until(ended).toBe('ECONNRESET')
    expect(received().subarray(before)).toEqual(TAG)
    expect([seen, rig.proxy.counts.messages.server]).toEqual([['C'], { C: 1 }])
    expect(rig.proxy.disarmCuts()).toBe(1)
    await expect(second).rejects.toThrow('disarmed')
  })

  it('delivers what comes before it also when the receiver is slow to take it', async () => {
    const row = frame('D', Buffer.alloc(4 * 1024 * 1024))
    await using rig = await serveThrough(sessionScript(Buffer.concat([row, ANSWER])))
    const { socket, received } = await session(rig.proxy)
    const before = received().length
    const report = rig.proxy.cutAt({ direction: 'server', type: 'C', message: 0, when: 'before' })
    socket.pause()
    socket.write(query('select 1'))
    setTimeout(() => socket.resume(), 100)
    await report
    await until(() => received().length - before).toBe(row.length)
  })

  it('does not wait for ever for a receiver that takes nothing', async () => {
    const row = frame('D', Buffer.alloc(16 * 1024 * 1024))
    await using rig = await serveThrough(sessionScript(Buffer.concat([row, ANSWER])))
    const { socket } = await session(rig.proxy)
    const report = rig.proxy.cutAt({ direction: 'server', type: 'C', message: 0, when: 'before' })
    socket.pause()
    socket.write(query('select 1'))
    expect(await Promise.race([report, pause(4_000)])).toMatchObject({ type: 'C' })
    await until(() => rig.proxy.connections).toBe(0)
  })

  it('closes with FIN though the other side keeps sending', async () => {
    await using rig = await serveThrough((socket) => {
      sessionScript(ANSWER)(socket)
      const timer = setInterval(() => socket.write(frame('N')), 1)
      socket.on('close', () => clearInterval(timer))
    })
    const { socket, ended } = await session(rig.proxy)
    const server = watch(rig.server.sockets[0] ?? socket)
    const report = rig.proxy.cutAt({ direction: 'client', message: 0, when: 'before', how: 'close' })
    socket.write(query('select 1'))
    await report
    await pause(20)
    expect([ended(), server.ended()]).toEqual(['FIN', 'FIN'])
  })

  it('leaves no socket behind when a reset follows its FIN at once', async () => {
    await using rig = await serveThrough(sessionScript(ANSWER))
    const { socket } = await session(rig.proxy)
    const report = rig.proxy.cutAt({ direction: 'client', message: 0, when: 'before', how: 'close' })
    socket.write(query('select 1'))
    await report
    rig.proxy.resetAll()
    await until(() => rig.proxy.connections).toBe(0)
  })

  it('lets go on what a hook for whole replies had gathered', async () => {
    await using rig = await serveThrough(sessionScript(ANSWER))
    const { socket, received, ended } = await session(rig.proxy)
    const before = received().length
    rig.proxy.tamper('server', (reply) => reply, { unit: 'reply' })
    const report = rig.proxy.cutAt({ direction: 'server', type: 'Z', message: 0, when: 'before' })
    socket.write(query('select 1'))
    await report
    await until(ended).toBe('ECONNRESET')
    expect(received().subarray(before)).toEqual(TAG)
  })

  it('stays armed when an observer resets the connection at its message', async () => {
    await using rig = await serveThrough(sessionScript(ANSWER))
    const { socket, ended } = await session(rig.proxy)
    rig.proxy.onMessage(() => rig.proxy.resetAll())
    const report = rig.proxy.cutAt({ direction: 'client', message: 0, when: 'before' })
    socket.write(query('select 1'))
    await until(ended).toBe('ECONNRESET')
    expect(rig.proxy.disarmCuts()).toBe(1)
    await expect(report).rejects.toThrow('disarmed')
  })

  it('rejects when it will not be made: disarmed, cleared, its connection ended, or closed', async () => {
    await using rig = await serveThrough(sessionScript(ANSWER))
    const { proxy } = rig
    const disarmed = proxy.cutAt(NEVER)
    expect(proxy.disarmCuts()).toBe(1)
    await expect(disarmed).rejects.toThrow('message 99 from the server was not made: it was disarmed')
    const cleared = proxy.cutAt({ ...NEVER, type: 'Z' })
    proxy.clearToxics()
    await expect(cleared).rejects.toThrow('message 99 of type Z from the server')

    const { socket } = await session(proxy)
    proxy.latency({ downMs: 5_000 })
    const delayed = proxy.cutAt({ ...NEVER, message: 0 })
    socket.write(query('select 1'))
    await until(() => proxy.counts.messages.server).toEqual({ C: 1 })
    proxy.resetAll()
    await expect(delayed).rejects.toThrow('its connection ended before')

    const closed = proxy.cutAt(NEVER)
    await proxy.close()
    await expect(closed).rejects.toThrow('the proxy was closed')
    await expect(proxy.cutAt(NEVER)).rejects.toThrow('the proxy is closed')
  })

  it('is no unhandled rejection when nobody awaits it', async () => {
    await using rig = await serveThrough(sessionScript(ANSWER))
    void rig.proxy.cutAt(NEVER)
    rig.proxy.disarmCuts()
    // Vitest fails a run that had an unhandled rejection; Node reports one at the end of the turn.
    await pause(10)
  })

  it('says no to a position that cannot be', async () => {
    await using rig = await serveThrough(sessionScript(ANSWER))
    expect(() => rig.proxy.cutAt({ ...NEVER, message: -1 })).toThrow('cut.message')
    expect(() => rig.proxy.cutAt({ ...NEVER, bytes: 1.5 })).toThrow('cut.bytes')
    expect(() => rig.proxy.cutAt({ ...NEVER, type: 'Sync' })).toThrow('cut.type')
  })
})

describe('message observer', () => {
  it('takes a message for start-up until the last byte of the first ReadyForQuery', async () => {
    await using rig = await serveThrough((socket) => {
      socket.once('data', () => {
        socket.write(READY.subarray(0, 5))
        setTimeout(() => socket.write(READY.subarray(5)), 30)
        socket.on('data', () => socket.write(ANSWER))
      })
    })
    const seen: SeenMessage[] = []
    rig.proxy.onMessage((message) => seen.push(message))
    const { socket } = await session(rig.proxy)
    socket.write(query('select 1'))
    await until(() => seen.length).toBe(5)
    const lines = seen.map(
      ({ name, startup, index }) => `${name} ${startup ? 'start-up' : 'session'} ${index}`,
    )
    expect(lines).toEqual([
      'StartupMessage start-up 0',
      'ReadyForQuery start-up 0',
      'Query session 0',
      'CommandComplete session 0',
      'ReadyForQuery session 1',
    ])
    expect(rig.proxy.counts.messages).toEqual({ client: { Q: 1 }, server: { C: 1, Z: 1 } })
  })
})
