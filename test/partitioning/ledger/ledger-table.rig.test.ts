import { expect, inject, it } from 'vitest'
import { ledgerTable } from '../../../src/partitioning/ledger/ledger-table.ts'
import { EventsDatabase } from '../run/support/events-database.ts'

const { primary } = inject('rig')
const ROW = `insert into leasehold.partition_ledger ("table", partition, oid, state) values ('public.events', 'p', 1, 'staged')`

it('the ledger is the owner and its members alone, also once everything is granted to everybody', async () => {
  await using database = await EventsDatabase.create(primary, { past: 0 })
  const { admin, owner } = database
  const job = await database.connect()
  for (const statement of [...ledgerTable(owner), ...ledgerTable(owner)]) await job.query(statement)
  await job.query('set row_security = off')
  await job.query(ROW)
  expect((await job.query('select from leasehold.partition_ledger')).rowCount).toBe(1)
  const app = await database.connect('app')
  await expect(app.query('select from leasehold.partition_ledger')).rejects.toThrow(/permission denied/)
  await admin.query(
    'grant usage on schema leasehold to public; grant all on all tables in schema leasehold to public',
  )
  expect((await app.query('select from leasehold.partition_ledger')).rowCount).toBe(0)
  await expect(app.query(ROW.replace("'p', 1", "'p', 2"))).rejects.toThrow(/row-level security/)
  const { rows } = await admin.query(
    "select tableowner, rowsecurity from pg_tables where schemaname = 'leasehold'",
  )
  expect(rows).toEqual([{ tableowner: owner, rowsecurity: true }])
})

it('a schema that a superuser made is used as it is, without CREATE on the database', async () => {
  await using database = await EventsDatabase.create(primary, { past: 0 })
  const { admin, owner, name } = database
  await admin.query(
    `revoke create on database ${name} from ${owner}; create schema leasehold; grant usage, create on schema leasehold to ${owner}`,
  )
  const job = await database.connect()
  for (const statement of ledgerTable(owner)) await job.query(statement)
  await job.query(ROW)
})

it('a state that is none is refused', async () => {
  await using database = await EventsDatabase.create(primary, { past: 0 })
  const job = await database.connect()
  for (const statement of ledgerTable(database.owner)) await job.query(statement)
  await expect(job.query(ROW.replace("'staged'", "'lost'"))).rejects.toThrow(/check constraint/)
})
