import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  AlreadyAppliedError,
  CommitUnknownError,
  createLeasehold,
  type Leasehold,
  NestingError,
  receiptTableSql,
} from '../../src/index.ts'
import { TENANT_A, TENANT_B } from '../support/notes.ts'
import { openTarget, TARGETS, type Target } from '../support/target.ts'

const INSERT = `insert into notes (body) values ('x')`
const LOSE_ANSWER = { direction: 'server', type: 'Z', message: 0, when: 'before', since: 'armed' } as const

describe.each(TARGETS)('a receipt, %s', (name) => {
  let target: Target
  let db: Leasehold

  beforeAll(async () => {
    target = await openTarget(name, { poolSize: 3 })
    await target.admin.query(receiptTableSql())
    db = createLeasehold({ primary: target.pool({ max: 3 }) })
  })

  afterEach(async () => {
    target.proxy.clearToxics()
    await target.admin.query('truncate notes, leasehold.receipts')
  })

  afterAll(async () => {
    await db.close()
    await target.close()
  })

  const notes = async () => (await target.admin.query('select from notes')).rows.length
  const WAYS: [string, (receipt: string, tenant?: typeof TENANT_A) => Promise<unknown>][] = [
    ['a transaction', (receipt, id = TENANT_A) => db.withTenant(id, (tx) => tx.query(INSERT), { receipt })],
    ['a batch', (receipt, id = TENANT_A) => db.tenant(id).batch([INSERT], { receipt })],
  ]
  const unknownOf = async (call: Promise<unknown>) => {
    const error: unknown = await call.catch((caught: unknown) => caught)
    if (!(error instanceof CommitUnknownError)) throw new Error('no CommitUnknownError', { cause: error })
    return error
  }

  describe.each(WAYS)('of %s', (_way, write) => {
    it('has the write applied once, for each tenant and key', async () => {
      await write('one')
      await expect(write('one')).rejects.toThrow(AlreadyAppliedError)
      expect(await notes()).toBe(1)
      await write('two')
      await write('one', TENANT_B)
      expect(await notes()).toBe(3)
    })

    it('has one of many that come at the same time applied', async () => {
      const all = await Promise.allSettled(Array.from({ length: 6 }, () => write('one')))
      const failed = all.filter((one) => one.status === 'rejected')
      expect(failed.map(({ reason }) => reason)).toEqual(Array(5).fill(expect.any(AlreadyAppliedError)))
      expect(await notes()).toBe(1)
    })

    it('lets a write whose answer was lost be repeated, and tells what became of it', async () => {
      await db.tenant(TENANT_A).query('select 1')
      if (_way === 'a transaction') {
        void target.proxy.cutAt({ ...LOSE_ANSWER, message: 1 })
      } else void target.proxy.cutAt(LOSE_ANSWER)
      const error = await unknownOf(write('one'))
      await expect(write('one')).rejects.toThrow(AlreadyAppliedError)
      expect(await error.resolve()).toBe('committed')
      expect(await notes()).toBe(1)
    })

    it('costs no round trip', async () => {
      await write('one')
      target.proxy.resetCounts()
      await write('two')
      expect(target.proxy.counts.roundTrips).toBe(_way === 'a transaction' ? 2 : 1)
    })
  })

  it('keeps a write out that arrives after it was given up, and lets it be repeated', async () => {
    await db.tenant(TENANT_A).query('select 1')
    // Held up on its way for longer than its caller waits.
    target.proxy.latency({ upMs: 500 })
    const late = unknownOf(db.tenant(TENANT_A, { timeoutMs: 100 }).batch([INSERT], { receipt: 'one' }))
    await sleep(20)
    target.proxy.latency({ upMs: 0 })
    const error = await late
    expect(await error.resolve()).toBe('aborted')
    await sleep(600)
    expect([await notes(), await error.resolve()]).toEqual([0, 'aborted'])
    await db.tenant(TENANT_A).batch([INSERT], { receipt: 'one' })
    expect([await notes(), await error.resolve()]).toEqual([1, 'aborted'])
  })

  it('is left also where the callback sends nothing, so that its hooks run once', async () => {
    const hooks: number[] = []
    const work = () =>
      db.withTenant(TENANT_A, (tx) => tx.afterCommit(() => void hooks.push(1)), { receipt: 'one' })
    await work()
    await expect(work()).rejects.toThrow(AlreadyAppliedError)
    expect(hooks).toEqual([1])
  })

  it('is told of even where the callback swallowed the error', async () => {
    const work = () => db.withTenant(TENANT_A, (tx) => tx.query(INSERT).catch(() => {}), { receipt: 'one' })
    await work()
    await expect(work()).rejects.toThrow(AlreadyAppliedError)
    expect(await notes()).toBe(1)
  })

  it('goes with its write where that fails, so that it can be repeated', async () => {
    const failing = db.withTenant(TENANT_A, (tx) => tx.batch([INSERT, 'select 1/0']), { receipt: 'one' })
    await expect(failing).rejects.toMatchObject({ code: '22012' })
    await expect(db.tenant(TENANT_A).batch([INSERT, 'select 1/0'], { receipt: 'one' })).rejects.toMatchObject(
      {
        code: '22012',
      },
    )
    const results = await db.tenant(TENANT_A).batch([INSERT, 'select 7 as seven'], { receipt: 'one' })
    expect(results.map(({ command, rows }) => [command, rows])).toEqual([
      ['INSERT', []],
      ['SELECT', [{ seven: 7 }]],
    ])
    expect(await notes()).toBe(1)
  })

  it('cannot be seen by another tenant, nor be taken back by its own', async () => {
    await db.tenant(TENANT_A).batch([INSERT], { receipt: 'one' })
    const { rows } = await db.tenant(TENANT_B).query('select from leasehold.receipts')
    expect(rows).toEqual([])
    const removal = db.tenant(TENANT_A).query('delete from leasehold.receipts')
    await expect(removal).rejects.toMatchObject({ code: '42501' })
    const forged = db.tenant(TENANT_B).query({
      text: 'insert into leasehold.receipts (tenant_id, attempt) values ($1, gen_random_uuid())',
      values: [TENANT_A],
    })
    await expect(forged).rejects.toMatchObject({ code: '42501' })
  })

  it('is refused where it would mean nothing', async () => {
    const reading = db.withTenant(TENANT_A, () => 1, { readOnly: true, receipt: 'one' })
    await expect(reading).rejects.toMatchObject({ code: 'LSH_ERR_CONFIG' })
    const nested = db.withTenant(TENANT_A, () => db.withTenant(TENANT_A, () => 1, { receipt: 'one' }))
    await expect(nested).rejects.toThrow(NestingError)
    for (const receipt of ['', 'x\0', 'x'.repeat(513), 7 as never]) {
      await expect(db.tenant(TENANT_A).batch([INSERT], { receipt })).rejects.toMatchObject({
        code: 'LSH_ERR_CONFIG',
      })
    }
  })
})
