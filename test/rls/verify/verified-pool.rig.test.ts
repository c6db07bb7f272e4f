import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RlsNotEnforcedError } from '../../../src/errors/rls.ts'
import type { PgClient } from '../../../src/pool/pg-pool.ts'
import { VerifiedPool } from '../../../src/verified-pool.ts'
import { openTarget, type Target } from '../../support/target.ts'

describe('a pool with a check', () => {
  let target: Target

  beforeAll(async () => {
    target = await openTarget('direct', { poolSize: 2, template: 'empty' })
  })
  afterAll(() => target.close())

  const query = (client: PgClient, text: string) => (client as pg.PoolClient).query(text)

  it('ends the connection of a check that failed, which may be in a transaction', async () => {
    const pool = target.pool({ max: 1 })
    let checks = 0
    const verified = new VerifiedPool(pool, async (client) => {
      checks += 1
      await query(client, 'begin')
      throw new Error('failed')
    })
    await expect(verified.connect()).rejects.toThrow('failed')
    expect([checks, pool.totalCount]).toEqual([3, 0])
    await expect.poll(() => target.idleInTransaction(), { timeout: 1_000 }).toBe(0)
  })

  it('gives the connection of a check that refused back, for the one after it', async () => {
    const pool = target.pool({ max: 1 })
    const verified = new VerifiedPool(pool, () =>
      Promise.reject(new RlsNotEnforcedError([{ cause: 'c', fix: 'f' }])),
    )
    await expect(verified.connect()).rejects.toThrow(RlsNotEnforcedError)
    expect([verified.totalCount, verified.idleCount]).toEqual([1, 1])
  })

  it('leaves no listener of its own on a connection', async () => {
    const pool = target.pool({ max: 1 })
    const verified = new VerifiedPool(pool, () => Promise.resolve())
    const first = (await verified.connect()) as pg.PoolClient
    const listeners = first.listenerCount('error')
    first.release()
    const again = (await verified.connect()) as pg.PoolClient
    expect([again === first, again.listenerCount('error')]).toEqual([true, listeners])
    again.release()
  })
})
