import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { TransactionAbortedError, UnsupportedError } from '../../src/errors/index.ts'
import { TARGETS } from '../support/target.ts'
import { FacadeClients } from './support/facade-clients.ts'

describe.each(TARGETS)('savepoints of a client of asPool (%s)', (name) => {
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

  it('steers savepoints of any name, nested and again', async () => {
    await clients.withClient(async (client) => {
      await client.query('BEGIN')
      await clients.insert(client, 'a')
      await client.query('SAVEPOINT "Sp 1"')
      await clients.insert(client, 'b')
      await client.query('savepoint sp2;')
      await clients.insert(client, 'c')
      await client.query('ROLLBACK TO SAVEPOINT SP2')
      await clients.insert(client, 'd')
      await client.query('release savepoint "Sp 1"')
      await client.query('savepoint sp')
      await clients.insert(client, 'e')
      await client.query('savepoint sp')
      await clients.insert(client, 'f')
      await client.query('rollback to sp')
      await client.query('release sp')
      await client.query('rollback to sp')
      await clients.insert(client, 'g')
      await client.query('COMMIT')
    })
    expect(await clients.bodies()).toEqual(['a', 'b', 'd', 'g'])
  })

  it('goes on after an error by ROLLBACK TO, and as often as it is asked to', async () => {
    await clients.withClient(async (client) => {
      await client.query('begin')
      await clients.insert(client, 'a')
      await client.query('savepoint s')
      for (const body of ['b', 'c']) {
        await clients.insert(client, body)
        await expect(client.query('select 1/0')).rejects.toMatchObject({ code: '22012' })
        for (const text of ['savepoint t', 'release s']) {
          await expect(client.query(text)).rejects.toMatchObject({ code: '25P02' })
        }
        await client.query('rollback to s')
      }
      await clients.insert(client, 'd')
      await client.query('commit')
    })
    expect(await clients.bodies()).toEqual(['a', 'd'])
  })

  it('rolls back all of an aborted transaction at COMMIT, whatever savepoints are open', async () => {
    await clients.withClient(async (client) => {
      await client.query('begin')
      await clients.insert(client, 'a')
      await client.query('savepoint s')
      await client.query('select 1/0').catch(() => {})
      await expect(client.query('commit')).rejects.toThrow(TransactionAbortedError)
    })
    expect(await clients.bodies()).toEqual([])
  })

  it('has the server say that it knows no savepoint of a name, which aborts the transaction', async () => {
    await clients.withClient(async (client) => {
      for (const text of ['release nothing', 'rollback to "Nothing"']) {
        await client.query('begin')
        await clients.insert(client, 'a')
        await expect(client.query(text)).rejects.toMatchObject({ code: '3B001' })
        await expect(client.query('commit')).rejects.toThrow(TransactionAbortedError)
        await client.query('rollback')
      }
      await client.query('begin')
      await client.query('savepoint a')
      await clients.insert(client, 'b')
      await expect(client.query('rollback to leasehold_1')).rejects.toThrow(UnsupportedError)
      await client.query('commit')
    })
    expect(await clients.bodies()).toEqual(['b'])
  })
})
