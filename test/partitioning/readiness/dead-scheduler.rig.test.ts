import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCatalog } from '../../../src/partitioning/catalog/read-catalog.ts'
import { checkPartitions } from '../../../src/partitioning/check/check-partitions.ts'
import { planPartitions } from '../../../src/partitioning/plan/plan-partitions.ts'
import { partitionReadiness } from '../../../src/partitioning/readiness/partition-readiness.ts'
import { CliDatabase } from '../../cli/cli-database.ts'
import { applySteps } from '../bypass/apply-steps.ts'
import { withinTransaction } from '../bypass/within-transaction.ts'
import { SET, TABLE } from '../check/sound-catalog.ts'

const US_PER_DAY = 86_400_000_000n
const US_PER_SECOND = 1_000_000n
const SET_OF_ONE = { ...SET, tables: [{ ...TABLE, premake: 3, retainMonths: undefined, archive: undefined }] }

const TABLE_SQL = `create table audit_log (tenant_id int not null, at timestamptz not null, id uuid not null default gen_random_uuid(),
    body text, primary key (tenant_id, at, id)) partition by range (at);
  alter table audit_log enable row level security; alter table audit_log force row level security;
  create policy tenant on audit_log to app using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::int);
  grant select, insert on audit_log to app`

describe('a scheduler that is dead from the day after the last run', () => {
  let database: CliDatabase

  beforeAll(async () => {
    database = await CliDatabase.create(TABLE_SQL)
  }, 60_000)

  afterAll(async () => {
    await database?.[Symbol.asyncDispose]()
  })

  /** Runs the job as it would be run at that moment. */
  async function run(nowUs: bigint): Promise<void> {
    const catalog = await readCatalog(withinTransaction(database.admin), SET_OF_ONE)
    expect(await applySteps(database.admin, planPartitions(SET_OF_ONE, { ...catalog, nowUs }))).toEqual([])
  }

  /** Writes a row of that moment as the application does. */
  async function insert(us: bigint): Promise<string> {
    const { admin } = database
    await admin.query("savepoint row; set local role app; set local app.tenant_id = '1'")
    const outcome = await admin
      .query(
        "insert into audit_log (tenant_id, at) values (1, timestamptz 'epoch' + $1 * interval '1 second')",
        [String(us / US_PER_SECOND)],
      )
      .then(
        () => 'taken',
        ({ code }: { code: string }) => code,
      )
    await admin.query(outcome === 'taken' ? 'reset role; release savepoint row' : 'rollback to savepoint row')
    return outcome
  }

  const isReady = async (nowUs: bigint) =>
    (await partitionReadiness(database.admin, SET_OF_ONE, { nowUs })).ready

  it.each([
    '2026-11-01T00:00:00Z',
    '2026-11-30T23:59:59Z',
    '2026-12-31T23:59:59Z',
    // The shortest quarter that follows a day.
    '2027-01-31T23:59:59Z',
    '2028-01-31T23:59:59Z',
    '2027-06-15T12:00:00Z',
  ])(
    'takes every row for 60 days behind %s, and is red 30 days before the first that is refused',
    async (last) => {
      const startUs = BigInt(Date.parse(last)) * 1000n
      const { admin } = database
      await admin.query('begin')
      try {
        await run(startUs)
        expect(await isReady(startUs)).toBe(true)
        let redUs: bigint | undefined
        let us = startUs
        let taken = 0
        while ((await insert(us)) === 'taken') {
          taken += 1
          if (redUs === undefined && !(await isReady(us))) redUs = us
          us += US_PER_DAY
        }
        expect(await insert(us)).toBe('23514')
        expect(taken).toBeGreaterThan(60)
        // It was red on some day, and not all the time.
        expect(redUs).toBeGreaterThan(startUs + 45n * US_PER_DAY)
        expect(us - (redUs ?? us)).toBeGreaterThanOrEqual(30n * US_PER_DAY)
        const { rows } = await admin.query('select count(*)::int as n from audit_log')
        expect(rows).toEqual([{ n: taken }])
        // The first run behind all that makes up for it.
        await run(us)
        expect(await insert(us)).toBe('taken')
        expect(await isReady(us)).toBe(true)
        const catalog = await readCatalog(withinTransaction(admin), SET_OF_ONE)
        expect(checkPartitions(SET_OF_ONE, { ...catalog, nowUs: us })).toEqual([])
      } finally {
        await admin.query('rollback')
      }
    },
  )
})
