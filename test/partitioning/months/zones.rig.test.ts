import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { KeyType } from '../../../src/partitioning/definition/partition-options.ts'
import { addMonths, monthAt, monthStartUs } from '../../../src/partitioning/months/month.ts'
import { monthBound } from '../../../src/partitioning/months/month-bound.ts'
import { createDatabase, dropDatabase } from '../../../src/testing/rig/databases.ts'
import { KEY_TYPES, MONTHS } from './support/all-bounds.ts'
import { ZONE_FUNCTIONS } from './support/zone-functions.ts'

/** As many as there are cores. */
const SESSIONS = 2
const ABROAD = ['America/New_York', 'Asia/Kathmandu', 'Pacific/Apia', 'Africa/Casablanca']
const COLUMNS: Readonly<Record<KeyType, string>> = {
  timestamptz: 'timestamptz',
  timestamp: 'timestamp',
  date: 'date',
  uuidv7: 'uuid',
}

const instants = MONTHS.map((month) => String(monthStartUs(month)))
const literals = (keyType: KeyType) => MONTHS.map((month) => monthBound(month, keyType).slice(1, -1))

describe('Bounds of 1970 to 2100 in PostgreSQL', () => {
  let database: string
  let clients: readonly pg.Client[]
  let zones: readonly string[]

  /** Asks for each zone, by as many sessions as there are. */
  async function askEach<T>(
    names: readonly string[],
    ask: (client: pg.Client, zone: string) => Promise<T>,
  ): Promise<T[]> {
    const rest = names.entries()
    const answers: T[] = []
    await Promise.all(
      clients.map(async (client) => {
        for (const [index, zone] of rest) answers[index] = await ask(client, zone)
      }),
    )
    return answers
  }

  async function wrongBounds(
    client: pg.Client,
    zone: string,
    keyType: KeyType,
    texts: readonly string[],
  ): Promise<number> {
    const { rows } = await client.query<{ wrong: string }>('select wrong_bounds($1, $2, $3, $4) as wrong', [
      zone,
      keyType,
      texts,
      instants,
    ])
    return Number(rows[0]?.wrong)
  }

  beforeAll(async () => {
    const { primary } = inject('rig')
    database = (await createDatabase(primary)).name
    clients = Array.from(
      { length: SESSIONS },
      () => new pg.Client({ ...primary, user: 'postgres', database }),
    )
    await Promise.all(clients.map((client) => client.connect()))
    await clients[0]?.query(ZONE_FUNCTIONS)
    const found = await clients[0]?.query<{ name: string }>(
      'select name from pg_timezone_names order by name',
    )
    zones = found?.rows.map(({ name }) => name) ?? []
  })

  afterAll(async () => {
    await Promise.all(clients.map((client) => client.end()))
    await dropDatabase(inject('rig').primary, database)
  })

  it('mean the same instants in every zone and every DateStyle', async () => {
    expect(zones.length).toBeGreaterThan(400)
    const texts = literals('timestamptz')
    const wrong = await askEach(zones, (client, zone) => wrongBounds(client, zone, 'timestamptz', texts))
    expect(zones.filter((_, index) => wrong[index] !== 0)).toEqual([])
  }, 60_000)

  it('of a timestamp and a date depend on no zone and no DateStyle', async () => {
    for (const keyType of ['timestamp', 'date'] as const) {
      const wrong = await askEach(ABROAD, (client, zone) =>
        wrongBounds(client, zone, keyType, literals(keyType)),
      )
      expect(wrong).toEqual(ABROAD.map(() => 0))
    }
  })

  it('would be found out without an offset, in every zone but those of UTC', async () => {
    const naive = MONTHS.map((month) => monthBound(month, 'timestamp').slice(1, -1))
    const wrong = await askEach(ABROAD, (client, zone) => wrongBounds(client, zone, 'timestamptz', naive))
    for (const count of wrong) expect(count).toBeGreaterThan(MONTHS.length)
  })

  it('leave no gap at any instant at which an offset changes: PostgreSQL finds the month that we do', async () => {
    const changes = await askEach(zones, async (client, zone) => {
      const { rows } = await client.query<{ at: string }>('select offset_changes($1) as at', [zone])
      return rows.map(({ at }) => at)
    })
    const seconds = [...new Set(changes.flat())].map(BigInt)
    expect(seconds.length).toBeGreaterThan(5_000)
    const around = seconds.flatMap((at) => [at * 1_000_000n - 1n, at * 1_000_000n, at * 1_000_000n + 1n])
    const found = await clients[0]?.query<{ start: string }>(
      `select (extract(epoch from date_trunc('month', timestamptz 'epoch' + us * interval '1 microsecond', 'UTC')) * 1000000)::bigint as start
       from unnest($1::bigint[]) with ordinality as given(us, number) order by number`,
      [around.map(String)],
    )
    expect(found?.rows.map(({ start }) => start)).toEqual(
      around.map((us) => String(monthStartUs(monthAt(us)))),
    )
  }, 60_000)

  it.each(KEY_TYPES)(
    'of a %s are read back from the catalog as they were written, wherever they were attached',
    async (keyType) => {
      const [client] = clients
      const months = MONTHS.filter((_, index) => index % 131 < 5)
      await client?.query(`create table kept_${keyType} (at ${COLUMNS[keyType]}) partition by range (at)`)
      for (const [index, month] of months.entries()) {
        await client?.query(
          `set timezone = '${ABROAD[index % ABROAD.length]}'; set datestyle = '${index % 2 ? 'SQL, DMY' : 'German'}';
         create table "kept_${keyType}_${month}" partition of kept_${keyType}
           for values from (${monthBound(month, keyType)}) to (${monthBound(addMonths(month, 1), keyType)})`,
        )
      }
      await client?.query("set timezone = 'UTC'; set datestyle = 'ISO'")
      const found = await client?.query<{ month: string; bound: string }>(
        `select split_part(relname, '_', 3) as month, pg_get_expr(relpartbound, oid) as bound from pg_class
         where oid in (select inhrelid from pg_inherits where inhparent = $1::regclass) order by split_part(relname, '_', 3)::int`,
        [`kept_${keyType}`],
      )
      expect(found?.rows).toEqual(
        months.map((month) => ({
          month: String(month),
          bound: `FOR VALUES FROM (${monthBound(month, keyType)}) TO (${monthBound(addMonths(month, 1), keyType)})`,
        })),
      )
    },
  )
})
