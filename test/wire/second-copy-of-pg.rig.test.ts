import { cp, mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { expect, it, onTestFinished } from 'vitest'
import { withTenant } from '../../src/index.ts'
import { TENANT_A } from '../support/notes.ts'
import { openTarget } from '../support/target.ts'

it('drives the pool of another copy of pg than its own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'leasehold-pg-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const modules = join(import.meta.dirname, '../../node_modules')
  for (const name of [
    'pg',
    'pg-pool',
    'pg-protocol',
    'pg-types',
    'pg-connection-string',
    'pg-int8',
    'postgres-array',
    'postgres-bytea',
    'postgres-date',
    'postgres-interval',
    'xtend',
  ]) {
    await cp(join(modules, name), join(folder, 'node_modules', name), { recursive: true })
  }
  const copy = createRequire(join(folder, 'index.js'))('pg') as typeof pg
  expect(copy.Query).not.toBe(pg.Query)

  await using target = await openTarget('direct', { poolSize: 1 })
  const pool = new copy.Pool(target.poolOptions() as pg.PoolConfig)
  const { rows } = await withTenant(pool, TENANT_A, (tx) => tx.query('select count(*)::int as n from notes'))
  expect(rows).toEqual([{ n: 0 }])
  await pool.end()
})
