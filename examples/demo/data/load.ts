import { readdir, readFile } from 'node:fs/promises'
import type { ClientBase } from 'pg'
import type { Clinic } from './clinics.ts'

/**
 * Fills the schema with the patients of the clinics and a year of their appointments, records and audit rows. The same
 * seed and clinics give the same rows on every machine.
 *
 * The rows are made by the server from numbers: nothing but this program's text travels.
 *
 * @param admin a session that policies do not hold, such as a superuser's; it keeps temporary tables
 */
export async function loadData(admin: ClientBase, seed: number, clinics: readonly Clinic[]): Promise<void> {
  await admin.query(numbering(seed))
  await admin.query(
    `insert into organizations (tenant_id, name, created_at)
     select tenant_id, name, '2019-01-01 00:00+00' from unnest($1::uuid[], $2::text[]) as clinic (tenant_id, name)`,
    [clinics.map(({ tenantId }) => tenantId), clinics.map(({ name }) => name)],
  )
  await admin.query(
    `insert into sized_clinics
     select tenant_id, patients, sum(patients) over (order by rank) - patients
     from unnest($1::uuid[], $2::int[]) with ordinality as clinic (tenant_id, patients, rank)`,
    [clinics.map(({ tenantId }) => tenantId), clinics.map(({ patients }) => patients)],
  )
  // As `pg_restore --disable-triggers` does: checking half a million foreign keys one by one would take most of the time.
  await admin.query('set session_replication_role = replica')
  for (const text of await readStatements(import.meta.dirname)) await admin.query(text)
  await admin.query('reset session_replication_role')
  await admin.query('drop table sized_clinics, numbered_patients, numbered_visits; analyze')
}

/** Plain tables, and what `leasehold rls generate` makes of them. */
const SCHEMA = ['01-roles.sql', 'generated/plain.sql', 'generated/migration.sql']

/** Makes the clinic's schema, each file in one transaction. */
export async function createSchema(admin: ClientBase): Promise<void> {
  for (const file of SCHEMA) {
    await admin.query(await readFile(`${import.meta.dirname}/../../schema/${file}`, 'utf8'))
  }
}

/** What the SQL files beside this one draw with. */
function numbering(seed: number): string {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`The seed must be an integer, not ${seed}.`)
  return `
    create temporary table sized_clinics (tenant_id uuid, patients int, first_patient bigint);

    -- PostgreSQL keeps this hash as it is from version to version: rows lie in hash partitions by it.
    create function pg_temp.roll(n bigint, salt int, sides int) returns int language sql immutable
    return (hashint8extended(n, ${seed}::bigint * 1000 + salt) & 2147483647) % sides;

    create function pg_temp.id_of(kind text, n bigint) returns uuid language sql immutable
    return overlay(overlay(md5('${seed}:' || kind || ':' || n::text) placing '4' from 13) placing '8' from 17)::uuid`
}

async function readStatements(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(names.map((name) => readFile(`${folder}/${name}`, 'utf8')))
}
