import type { PoolClient } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  ForbiddenStatementError,
  NestingError,
  TransactionAbortedError,
  UnsupportedError,
} from '../../src/errors/index.ts'
import { TENANT_A } from '../support/notes.ts'
import { TARGETS } from '../support/target.ts'
import { FacadeClients } from './support/facade-clients.ts'

describe.each(TARGETS)('transactions of a client of asPool (%s)', (name) => {
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

  it('costs n + 1 round trips for BEGIN, n statements and COMMIT', async () => {
    for (const count of [0, 1, 2, 5]) {
      const work = async (client: PoolClient) => {
        await client.query('BEGIN')
        for (let index = 0; index < count; index += 1) await clients.insert(client, 'x')
        await client.query('COMMIT')
      }
      expect(await clients.roundTrips(() => clients.withClient(work))).toBe(count === 0 ? 0 : count + 1)
    }
    expect(await clients.bodies()).toHaveLength(8)
  })

  it('costs one round trip for a statement of the pool or of a client, and none for connect and release', async () => {
    expect(await clients.roundTrips(() => clients.inScope(() => clients.pool.query('select 1')))).toBe(1)
    expect(await clients.roundTrips(() => clients.withClient((client) => client.query('select 1')))).toBe(1)
    expect(await clients.roundTrips(() => clients.withClient(async () => {}))).toBe(0)
  })

  it('holds no connection without a transaction, nor between BEGIN and the first statement', async () => {
    const many = await clients.inScope(() =>
      Promise.all(Array.from({ length: 50 }, () => clients.pool.connect())),
    )
    await clients.inScope(async () => {
      await Promise.all(many.map((client) => client.query('begin')))
      await Promise.all(many.map((client) => client.query('rollback')))
      await Promise.all(many.map((client) => client.query('select 1')))
      expect(clients.db.pool().inUse).toBe(0)
      for (const client of many) client.release()
    })
  })

  it.each([
    ['BEGIN', 'COMMIT'],
    ['begin;', 'commit;'],
    ['/* x */ START TRANSACTION -- y', 'END'],
    ['Begin Work', 'end transaction'],
    ['BEGIN ISOLATION LEVEL SERIALIZABLE', 'COMMIT WORK'],
  ])('commits from %s to %s', async (begin, commit) => {
    await clients.withClient(async (client) => {
      await client.query(begin)
      expect(client.getTransactionStatus()).toBe('T')
      await clients.insert(client, 'x')
      expect(await clients.bodies()).toEqual([])
      await client.query(commit)
      expect(client.getTransactionStatus()).toBe('I')
    })
    expect(await clients.bodies()).toEqual(['x'])
  })

  it.each(['ROLLBACK', 'rollback work;', 'abort'])('rolls back by %s', async (rollback) => {
    await clients.withClient(async (client) => {
      await client.query('begin')
      await clients.insert(client, 'x')
      await client.query(rollback)
      await clients.insert(client, 'y')
    })
    expect(await clients.bodies()).toEqual(['y'])
  })

  it('opens the transaction with the modes of BEGIN, and of SET TRANSACTION right behind it', async () => {
    const modes = `select current_setting('transaction_isolation') as isolation,
      current_setting('transaction_read_only') as read_only, current_setting('transaction_deferrable') as deferrable`
    const opened = async (...texts: string[]) =>
      clients.withClient(async (client) => {
        for (const text of texts) await client.query(text)
        const { rows } = await client.query(modes)
        await client.query('commit')
        return Object.values(rows[0]).join(' ')
      })
    expect(await opened('begin')).toBe('read committed off off')
    expect(await opened('begin isolation level repeatable read, read only')).toBe('repeatable read on off')
    expect(await opened('begin isolation level serializable read only deferrable')).toBe('serializable on on')
    expect(await opened('begin deferrable')).toBe('read committed off off')
    expect(await opened('START TRANSACTION', 'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE')).toBe(
      'serializable off off',
    )
    expect(await opened('begin', 'set transaction read only')).toBe('read committed on off')
    await clients.withClient(async (client) => {
      await client.query('begin read only')
      await expect(clients.insert(client, 'x')).rejects.toMatchObject({ code: '25006' })
    })
    await clients.withClient(async (client) => {
      await client.query('begin')
      await client.query('select 1')
      const late = client.query('set transaction isolation level serializable')
      await expect(late).rejects.toThrow(ForbiddenStatementError)
      await client.query('commit')
      const outside = client.query('set transaction isolation level serializable')
      await expect(outside).rejects.toThrow(ForbiddenStatementError)
    })
  })

  it('throws from COMMIT of a transaction whose error was swallowed, and keeps throwing until ROLLBACK', async () => {
    await clients.withClient(async (client) => {
      await client.query('begin')
      await clients.insert(client, 'x')
      await client.query('select 1/0').catch(() => {})
      await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' })
      const failure = await client.query('commit').catch((error) => error)
      expect(failure).toBeInstanceOf(TransactionAbortedError)
      expect(failure.cause).toMatchObject({ code: '22012' })
      await expect(client.query('commit')).rejects.toThrow(TransactionAbortedError)
      await client.query('rollback')
      await clients.insert(client, 'y')
    })
    expect(await clients.bodies()).toEqual(['y'])
  })

  it('throws the error of a deferred constraint from COMMIT, as pg does', async () => {
    await clients.withClient(async (client) => {
      await client.query('begin')
      await client.query('insert into children values (1)')
      await expect(client.query('commit')).rejects.toMatchObject({ code: '23503' })
    })
  })

  it('refuses BEGIN in a transaction, and savepoints outside of one', async () => {
    await clients.withClient(async (client) => {
      await expect(client.query('savepoint s')).rejects.toThrow(NestingError)
      for (const statement of [undefined, 'select 1']) {
        await client.query('begin')
        if (statement) await client.query(statement)
        await expect(client.query('begin')).rejects.toThrow(NestingError)
        await clients.insert(client, 'x')
        await client.query('commit')
      }
      // As pg: a warning of the server, and no error.
      expect((await client.query('commit')).command).toBe('COMMIT')
      expect((await client.query('rollback')).command).toBe('ROLLBACK')
    })
    expect(await clients.bodies()).toEqual(['x', 'x'])
  })

  it.each([
    'commit and chain',
    "prepare transaction 'x'",
    'listen x',
    'set search_path to x',
    'reset all',
    'prepare a as select 1',
    'copy notes to stdout',
    'discard all',
  ])('refuses %s in and out of a transaction, and sends nothing', async (text) => {
    await clients.withClient(async (client) => {
      await expect(client.query(text)).rejects.toThrow(ForbiddenStatementError)
      await client.query('begin')
      await clients.insert(client, 'x')
      clients.target.proxy.resetCounts()
      await expect(client.query(text)).rejects.toThrow(ForbiddenStatementError)
      expect(clients.target.proxy.counts.roundTrips).toBe(0)
      await client.query('commit')
    })
    expect(await clients.bodies()).toEqual(['x'])
  })

  it('refuses several statements, locks of the session and what belongs to a connection', async () => {
    await clients.withClient(async (client) => {
      clients.target.proxy.resetCounts()
      await expect(client.query('select 1; select 2')).rejects.toThrow(UnsupportedError)
      await expect(clients.pool.query('begin; drop table notes; commit')).rejects.toThrow(UnsupportedError)
      await expect(client.query('select pg_advisory_lock(1)')).rejects.toThrow(UnsupportedError)
      await expect(clients.pool.query('begin')).rejects.toThrow(ForbiddenStatementError)
      const raw = client as unknown as Record<string, () => unknown>
      for (const method of ['connect', 'end', 'setTypeParser', 'copyFrom', 'copyTo']) {
        expect(() => raw[method]?.()).toThrow(UnsupportedError)
      }
      expect(() => raw.connection).toThrow(UnsupportedError)
      expect(() => raw.stream).toThrow(UnsupportedError)
      await expect(client.query({ text: 'select 1', binary: true } as never)).rejects.toThrow(
        UnsupportedError,
      )
      await expect(client.query({ name: 'x' } as never)).rejects.toThrow('text each time')
      expect(clients.target.proxy.counts.roundTrips).toBe(0)
    })
  })

  it('joins the transaction around it, whose end decides, and rolls it back where it rolls back', async () => {
    const around = (end: string) =>
      clients.inScope(() =>
        clients.db.withTenant(TENANT_A, async (tx) => {
          await tx.query(`insert into notes (body) values ('a')`)
          const client = await clients.pool.connect()
          await client.query('begin')
          await clients.insert(client, 'b')
          await client.query(end)
          client.release()
          expect((await clients.pool.query('select body from notes')).rows).toEqual([])
        }),
      )
    const unlike = clients.inScope(() =>
      clients.db.withTenant(TENANT_A, async () => {
        const client = await clients.pool.connect()
        await client.query('begin isolation level serializable')
        for (const attempt of [1, 2]) {
          await expect(clients.insert(client, `${attempt}`)).rejects.toThrow(NestingError)
        }
        await expect(client.query('commit')).rejects.toThrow(TransactionAbortedError)
        await client.query('rollback')
        client.release()
      }),
    )
    await unlike
    await expect(around('rollback')).rejects.toThrow(TransactionAbortedError)
    expect(await clients.bodies()).toEqual([])
    await around('commit')
    expect(await clients.bodies()).toEqual(['a', 'b'])
  })

  it('throws from COMMIT inside the transaction around it too, where an error was swallowed', async () => {
    const around = clients.inScope(() =>
      clients.db.withTenant(TENANT_A, async () => {
        const client = await clients.pool.connect()
        await client.query('begin')
        await clients.insert(client, 'x')
        await client.query('select 1/0').catch(() => {})
        await expect(client.query('commit')).rejects.toThrow(TransactionAbortedError)
        client.release()
      }),
    )
    await expect(around).rejects.toThrow(TransactionAbortedError)
    expect(await clients.bodies()).toEqual([])
  })
})
