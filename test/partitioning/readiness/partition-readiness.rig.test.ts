import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KeyType, PartitionSet } from '../../../src/partitioning/definition/partition-options.ts'
import { partitionReadiness } from '../../../src/partitioning/readiness/partition-readiness.ts'
import { CliDatabase } from '../../cli/cli-database.ts'
import { SET, TABLE } from '../check/sound-catalog.ts'

const NOW = '2026-11-10'
const nowUs = BigInt(Date.parse(`${NOW}T00:00:00Z`)) * 1000n
const COLUMNS: Readonly<Record<KeyType, string>> = {
  timestamptz: 'timestamptz',
  timestamp: 'timestamp',
  date: 'date',
  uuidv7: 'uuid',
}

/** A bound of a month as the job writes it. */
function bound(month: string, keyType: KeyType): string {
  const day = `${month}-01`
  if (keyType === 'date') return `'${day}'`
  if (keyType === 'timestamp') return `'${day} 00:00:00'`
  if (keyType === 'timestamptz') return `'${day} 00:00:00+00'`
  const hex = Date.parse(day).toString(16).padStart(12, '0')
  return `'${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000'`
}

/** A table of consecutive months. */
function tableSql(name: string, keyType: KeyType, months: readonly string[]): string {
  const partitions = months.slice(0, -1).map((low, index) => {
    const to = bound(months[index + 1] ?? low, keyType)
    return `create table public_parts."${name}_${low}" partition of ${name} for values from (${bound(low, keyType)}) to (${to});`
  })
  return `create table ${name} (at ${COLUMNS[keyType]} not null) partition by range (at);\n${partitions.join('\n')}`
}

const MONTHS = ['2026-10', '2026-11', '2026-12', '2027-01', '2027-02']

describe('partitionReadiness', () => {
  let database: CliDatabase
  let app: pg.Client
  const setOf = (...tables: readonly (readonly [name: string, keyType: KeyType])[]): PartitionSet => ({
    ...SET,
    tables: tables.map(([name, keyType]) => ({ ...TABLE, name, keyType })),
  })

  beforeAll(async () => {
    const keyTypes = Object.keys(COLUMNS) as KeyType[]
    database = await CliDatabase.create(`create schema public_parts;
      ${keyTypes.map((keyType) => tableSql(`by_${keyType}`, keyType, MONTHS)).join('\n')}
      ${tableSql('holed', 'timestamptz', MONTHS)} drop table public_parts."holed_2026-12";
      ${tableSql('late', 'timestamptz', MONTHS.slice(0, 2))}
      ${tableSql('short', 'timestamptz', MONTHS.slice(0, 3))}
      ${tableSql('endless', 'timestamptz', MONTHS.slice(0, 2))}
      create table public_parts.endless_rest partition of endless for values from (${bound('2026-11', 'timestamptz')}) to (maxvalue);
      create table plain (at timestamptz);`)
    app = new pg.Client({ connectionString: database.urlAs('app') })
    await app.connect()
  }, 60_000)

  afterAll(async () => {
    await app?.end()
    await database?.[Symbol.asyncDispose]()
  })

  it('is asked by a role that cannot use the schema of partitions', async () => {
    await expect(app.query('select from public_parts."by_date_2026-11"')).rejects.toMatchObject({
      code: '42501',
    })
    const { ready } = await partitionReadiness(app, setOf(['by_date', 'date']), { nowUs })
    expect(ready).toBe(true)
  })

  it.each([
    ['UTC', 'ISO, YMD'],
    ['America/New_York', 'SQL, DMY'],
    ['Asia/Kathmandu', 'German'],
    // Written as IST, and read as that of Israel.
    ['Asia/Kolkata', 'SQL, DMY'],
    ['Pacific/Kiritimati', 'Postgres, MDY'],
  ])(
    'reads each type of key in a session of %s and %s, and leaves the session as it was',
    async (zone, style) => {
      await app.query("select set_config('TimeZone', $1, false), set_config('DateStyle', $2, false)", [
        zone,
        style,
      ])
      await app.query('begin')
      const all = setOf(
        ['by_timestamptz', 'timestamptz'],
        ['by_timestamp', 'timestamp'],
        ['by_date', 'date'],
        ['by_uuidv7', 'uuidv7'],
      )
      const { tables } = await partitionReadiness(app, all, { nowUs })
      const { rows } = await app.query(
        "select current_setting('TimeZone') as zone, current_setting('DateStyle') like $1 || '%' as kept",
        [style],
      )
      await app.query('rollback')
      expect(rows).toEqual([{ zone, kept: true }])
      expect(tables).toEqual(
        all.tables.map(({ name }) => ({
          table: `public.${name}`,
          ready: true,
          monthsAhead: 2,
          refusesFrom: new Date('2027-02-01T00:00:00Z'),
        })),
      )
    },
  )

  it.each([
    ['holed', { ready: false, monthsAhead: 0, refusesFrom: new Date('2026-12-01T00:00:00Z') }],
    ['late', { ready: false, monthsAhead: -1, refusesFrom: new Date(`${NOW}T00:00:00Z`) }],
    ['endless', { ready: true, monthsAhead: Number.POSITIVE_INFINITY, refusesFrom: undefined }],
    ['plain', { ready: false, monthsAhead: -1 }],
    ['absent', { ready: false, monthsAhead: -1 }],
  ])('judges the table %s', async (name, expected) => {
    const { ready, tables } = await partitionReadiness(app, setOf([name, 'timestamptz']), { nowUs })
    expect(tables).toMatchObject([expected])
    expect(ready).toBe(expected.ready)
  })

  it('is not ready as soon as one table is not', async () => {
    const { ready } = await partitionReadiness(app, setOf(['by_date', 'date'], ['late', 'timestamptz']), {
      nowUs,
    })
    expect(ready).toBe(false)
  })

  it('turns red more than 30 days before rows are refused, and not a day before it has to', async () => {
    const set = setOf(['short', 'timestamptz'])
    const end = BigInt(Date.parse('2026-12-01T00:00:00Z')) * 1000n
    const day = 86_400_000_000n
    const readyBefore = async (us: bigint) => (await partitionReadiness(app, set, { nowUs: end - us })).ready
    expect(await readyBefore(31n * day)).toBe(true)
    expect(await readyBefore(31n * day - 1n)).toBe(false)
    expect(await readyBefore(30n * day)).toBe(false)
    expect((await partitionReadiness(app, set, { nowUs: end - 8n * day, daysAhead: 7 })).ready).toBe(true)
  })

  it("takes the server's clock", async () => {
    const { tables } = await partitionReadiness(app, setOf(['absent', 'date']))
    const skewMs = Math.abs((tables[0]?.refusesFrom?.getTime() ?? 0) - Date.now())
    expect(skewMs).toBeLessThan(60_000)
  })

  it('does not count a month whose detach is pending', async () => {
    const reader = new pg.Client({ connectionString: database.url })
    await reader.connect()
    const { admin } = database
    await admin.query(tableSql('half', 'timestamptz', MONTHS))
    await reader.query('begin; select from half')
    await admin.query("set lock_timeout = '200ms'")
    await expect(
      admin.query('alter table half detach partition public_parts."half_2027-01" concurrently'),
    ).rejects.toMatchObject({ code: '55P03' })
    await reader.end()
    const { tables } = await partitionReadiness(app, setOf(['half', 'timestamptz']), { nowUs })
    expect(tables[0]?.monthsAhead).toBe(1)
  })
})
