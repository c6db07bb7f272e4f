import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  ClosedError,
  DeadlineError,
  FloatingQueryError,
  TransactionAbortedError,
} from '../../src/errors/index.ts'
import { createLeasehold } from '../../src/index.ts'
import { TENANT_A } from '../support/notes.ts'
import { TARGETS } from '../support/target.ts'
import { FacadeClients } from './support/facade-clients.ts'

describe.each(TARGETS)('the end of a client of asPool (%s)', (name) => {
  let clients: FacadeClients

  beforeAll(async () => {
    clients = await FacadeClients.open(name)
  })

  afterEach(async () => {
    await clients.empty()
  })

  afterAll(async () => {
    await clients[Symbol.asyncDispose]()
  })

  it('rolls back what a client is released with, and lends the connection to others at once', async () => {
    await clients.withClient(async (client) => {
      await client.query('begin')
      await clients.insert(client, 'x')
    })
    await expect.poll(() => clients.db.pool().inUse).toBe(0)
    expect(await clients.bodies()).toEqual([])
    expect(await clients.target.idleInTransaction()).toBe(0)
  })

  it('rejects what still runs in a transaction when its client is released, and what waits behind it', async () => {
    const running = await clients.withClient(async (client) => {
      await client.query('begin')
      await clients.insert(client, 'x')
      const outcomes = Promise.allSettled([
        client.query(`insert into notes (body) select 'y' from pg_sleep(0.2)`),
        client.query('select 1'),
        client.query('commit'),
      ])
      await sleep(50)
      return { outcomes }
    })
    const reasons = (await running.outcomes).map((outcome) => 'reason' in outcome && outcome.reason)
    expect(reasons[0]).toBeInstanceOf(FloatingQueryError)
    expect(reasons[1]).toBeInstanceOf(ClosedError)
    expect(reasons[2]).toBeInstanceOf(ClosedError)
    expect(await clients.bodies()).toEqual([])
  })

  it('runs nothing behind the end of a transaction that was issued before that was answered', async () => {
    await clients.withClient(async (client) => {
      for (const end of ['commit', 'rollback']) {
        await client.query('begin')
        await clients.insert(client, 'x')
        const ended = client.query(end)
        await expect(clients.insert(client, 'y')).rejects.toThrow(ClosedError)
        await ended
        await clients.insert(client, 'z')
      }
    })
    expect(await clients.bodies()).toEqual(['x', 'z', 'z'])
  })

  it('lets statements without a transaction end that were issued before release', async () => {
    const issued = await clients.withClient(async (client) => ({
      answers: Promise.all([clients.insert(client, 'x'), clients.insert(client, 'y')]),
    }))
    await issued.answers
    expect(await clients.bodies()).toEqual(['x', 'y'])
  })

  it('sends nothing of a client that was released', async () => {
    const client = await clients.withClient(async (used) => used)
    clients.target.proxy.resetCounts()
    await clients.inScope(async () => {
      for (const text of ['select 1', 'begin', 'commit', 'rollback']) {
        await expect(client.query(text)).rejects.toThrow(ClosedError)
      }
    })
    expect(clients.target.proxy.counts.roundTrips).toBe(0)
  })

  it('ends a transaction at the deadline, and says so until its end is acknowledged', async () => {
    const hurried = createLeasehold({ primary: clients.target.poolOptions({ max: 1 }), timeoutMs: 300 })
    await hurried.run({ tenant: TENANT_A }, async () => {
      const client = await hurried.asPool<Pool>().connect()
      await client.query('begin')
      await clients.insert(client, 'x')
      await sleep(400)
      await expect(client.query('select 1')).rejects.toThrow(DeadlineError)
      expect(client.getTransactionStatus()).toBe('E')
      await expect(client.query('commit')).rejects.toThrow(TransactionAbortedError)
      await client.query('rollback')
      await client.query('select 1')
      client.release()
      expect(hurried.pool().inUse).toBe(0)
    })
    await hurried.close()
    expect(await clients.bodies()).toEqual([])
  })

  it('is waited for by close, which refuses new work of it', async () => {
    const closing = createLeasehold({ primary: clients.target.poolOptions({ max: 1 }) })
    await closing.run({ tenant: TENANT_A }, async () => {
      const facade = closing.asPool<Pool>()
      const client = await facade.connect()
      await client.query('begin')
      await clients.insert(client, 'x')
      const closed = closing.close({ drainMs: 5_000 })
      await expect(facade.query('select 1')).rejects.toThrow(ClosedError)
      await expect(facade.connect()).rejects.toThrow(ClosedError)
      await clients.insert(client, 'y')
      await client.query('commit')
      client.release()
      await closed
    })
    expect(await clients.bodies()).toEqual(['x', 'y'])
  })
})
