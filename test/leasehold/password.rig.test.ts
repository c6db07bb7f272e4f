import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  AcquireTimeoutError,
  ConnectError,
  createLeasehold,
  type Leasehold,
  type PoolOptions,
} from '../../src/index.ts'
import { type Rig, startRig, startToxicProxy } from '../../src/testing/index.ts'
import { TENANT_A } from '../support/notes.ts'

const TOKEN = 'token-8f21c7'

describe('a password that is a function', () => {
  let rig: Rig
  let admin: pg.Client
  const open: Leasehold[] = []

  beforeAll(async () => {
    rig = await startRig({ standbys: 0, redis: false })
    const { primary } = rig
    const hba = join(primary.dataDirectory, 'pg_hba.conf')
    const trusting = await readFile(hba, 'utf8')
    await writeFile(hba, `host all app all scram-sha-256\n${trusting}`)
    admin = new pg.Client({ connectionString: primary.adminUrl() })
    await admin.connect()
    await admin.query(`create role app login password '${TOKEN}'`)
    await admin.query('select pg_reload_conf()')
  })

  afterEach(async () => {
    await Promise.all(open.splice(0).map((db) => db.close({ drainMs: 0 })))
    await admin.query(`alter role app password '${TOKEN}'`)
  })

  afterAll(async () => {
    await admin?.end()
    await rig?.stop()
  })

  const connect = (options: PoolOptions, acquireTimeoutMs = 2_000) => {
    const { host, port } = rig.primary
    const primary = { host, port, user: 'app', database: 'postgres', ...options }
    const db = createLeasehold({ primary, acquireTimeoutMs })
    open.push(db)
    return db
  }
  const failureOf = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    if (!(error instanceof Error)) throw new Error('It did not fail.')
    const { message, name, stack } = error
    expect(inspect({ message, name, stack, own: { ...error, cause: undefined } })).not.toContain(TOKEN)
    return error
  }

  it('is called for each new connection, so that a token that has changed is used by the next', async () => {
    let [calls, token] = [0, TOKEN]
    const db = connect({
      max: 3,
      password: async () => {
        calls += 1
        return token
      },
    })
    const together = [1, 2, 3].map(() => db.tenant(TENANT_A).query('select pg_sleep(0.05)'))
    await Promise.all(together)
    await db.tenant(TENANT_A).query('select 1')
    expect(calls).toBe(3)
    token = `${TOKEN}-next`
    await admin.query(`alter role app password '${token}'`)
    await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'")
    await expect.poll(() => db.pool().total).toBe(0)
    await db.tenant(TENANT_A).query('select 1')
    expect(calls).toBe(4)
  })

  it('may return the password itself, or a wrong one, which the server’s error tells', async () => {
    await connect({ password: () => TOKEN })
      .tenant(TENANT_A)
      .query('select 1')
    const wrong = connect({ password: () => `${TOKEN}-wrong` })
    expect(await failureOf(wrong.tenant(TENANT_A).query('select 1'))).toMatchObject({ code: '28P01' })
  })

  it.each<[string, () => string | Promise<string>]>([
    [
      'throws',
      () => {
        throw new Error(`no token: ${TOKEN}`)
      },
    ],
    ['rejects', () => Promise.reject(new Error(`no token: ${TOKEN}`))],
    ['gives what is no text', () => ({ token: TOKEN }) as never],
  ])('that %s fails the call, and the token is in no message', async (_label, password) => {
    const db = connect({ max: 1, password })
    expect(await failureOf(db.tenant(TENANT_A).query('select 1'))).toBeInstanceOf(ConnectError)
    expect(db.pool()).toMatchObject({ total: 0, inUse: 0 })
  })

  it('that is late fails the call in time, and gives its place in the pool back', async () => {
    let isLate = true
    const password = () => (isLate ? new Promise<string>(() => {}) : TOKEN)
    const db = connect({ max: 1, password }, 200)
    const startedAt = performance.now()
    const error = await failureOf(db.tenant(TENANT_A).query('select 1'))
    expect(performance.now() - startedAt).toBeLessThan(300)
    expect(error instanceof AcquireTimeoutError || error instanceof ConnectError).toBe(true)
    isLate = false
    await db.tenant(TENANT_A).query('select 1')
  })
})

describe('a connection that is never made', () => {
  it('gives its place in the pool back within acquireTimeoutMs', async () => {
    await using rig = await startRig({ standbys: 0, redis: false })
    await using proxy = await startToxicProxy({ target: { host: rig.primary.host, port: rig.primary.port } })
    const primary = { host: proxy.host, port: proxy.port, user: 'postgres', database: 'postgres', max: 1 }
    // The rig alone has no other role than the superuser.
    await using db = createLeasehold({ primary, acquireTimeoutMs: 150, verifyOnStart: false })
    proxy.blackHole(true)
    const lost = db.tenant(TENANT_A).query('select 1')
    await expect(lost).rejects.toMatchObject({ code: expect.stringMatching(/ACQUIRE_TIMEOUT|CONNECT/) })
    proxy.clearToxics()
    await expect.poll(() => db.pool(), { timeout: 1_000 }).toMatchObject({ total: 0, inUse: 0 })
    await db.tenant(TENANT_A).query('select 1')
  })
})
