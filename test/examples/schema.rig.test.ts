import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asTenant, connect, type SmallClinics, startSmallClinics } from './small-clinics.ts'

const TABLES = [
  'organizations',
  'patient_profiles',
  'patients',
  'appointments',
  'clinical_records',
  'audit_log',
] as const
const INSUFFICIENT_PRIVILEGE = { code: '42501' }
const FOREIGN_KEY_VIOLATION = { code: '23503' }
const NOBODY = '00000000-0000-4000-8000-000000000000'

let resources: AsyncDisposableStack
let clinics: SmallClinics
let admin: Client
let app: Client
let mine: string
let other: string

beforeAll(async () => {
  resources = new AsyncDisposableStack()
  clinics = await startSmallClinics(resources)
  admin = clinics.admin
  app = clinics.app
  mine = clinics.clinics[0]?.tenantId ?? ''
  other = clinics.clinics[1]?.tenantId ?? ''
})
afterAll(() => resources?.disposeAsync())

async function one<Row extends object>(client: Client, text: string, values: unknown[] = []): Promise<Row> {
  const { rows } = await client.query<Row>(text, values)
  const [row] = rows
  if (!row) throw new Error(`No row came back from: ${text}`)
  return row
}

describe.each(TABLES)('%s', (table) => {
  it('shows a tenant all of its rows and no others', async () => {
    const { n } = await one<{ n: number }>(
      admin,
      `select count(*)::int as n from ${table} where tenant_id = $1`,
      [mine],
    )
    expect(n).toBeGreaterThan(0)
    const rows = await asTenant<{ tenant_id: string }>(app, mine, `select tenant_id from ${table}`)
    expect(rows).toEqual(Array.from({ length: n }, () => ({ tenant_id: mine })))
  })

  it('shows nothing, and raises no error, without a context', async () => {
    const scope = new AsyncDisposableStack()
    await using _ = scope
    const fresh = await connect(clinics.primary.url({ user: 'app', database: 'postgres' }), scope)
    const setting = "select current_setting('app.tenant_id', true) as tenant"
    expect(await one(fresh, setting)).toEqual({ tenant: null })
    expect((await fresh.query(`select from ${table}`)).rowCount).toBe(0)

    expect(await asTenant(fresh, mine, `select from ${table}`)).not.toHaveLength(0)
    expect(await one(fresh, setting)).toEqual({ tenant: '' })
    expect((await fresh.query(`select from ${table}`)).rowCount).toBe(0)
  })

  it('shows nothing to a tenant that does not exist', async () => {
    expect(await asTenant(app, NOBODY, `select from ${table}`)).toHaveLength(0)
  })

  it('cannot have its tenant changed, by privilege and not only by policy', async () => {
    await expect(asTenant(app, mine, `update ${table} set tenant_id = tenant_id`)).rejects.toMatchObject(
      INSUFFICIENT_PRIVILEGE,
    )
  })

  it('cannot be truncated', async () => {
    await expect(asTenant(app, mine, `truncate ${table} cascade`)).rejects.toMatchObject(
      INSUFFICIENT_PRIVILEGE,
    )
  })

  it('stays closed when a policy that lets everything through is added in error', async () => {
    await admin.query(`create policy mistake on ${table} to app using (true)`)
    try {
      const rows = await asTenant<{ tenant_id: string }>(app, mine, `select distinct tenant_id from ${table}`)
      expect(rows).toEqual([{ tenant_id: mine }])
    } finally {
      await admin.query(`drop policy mistake on ${table}`)
    }
  })

  it('hides its rows from its owner', async () => {
    await admin.query('set role clinic_owner')
    try {
      expect((await admin.query(`select from ${table}`)).rowCount).toBe(0)
    } finally {
      await admin.query('reset role')
    }
  })
})

describe('what the application writes', () => {
  it('belongs to the tenant of the context when no tenant is named', async () => {
    const rows = await asTenant(
      app,
      mine,
      "insert into audit_log (at, actor, action, record_id) values ('2026-11-02', 'me', 'read', $1) returning tenant_id",
      [NOBODY],
    )
    expect(rows).toEqual([{ tenant_id: mine }])
  })

  it.each([
    [
      'patient_profiles',
      "(tenant_id, person_id, given_name, family_name, birth_date) values ($1, $2, 'A', 'B', '2000-01-01')",
    ],
    ['patients', '(tenant_id, profile_id, chart_number) values ($1, $2, 999999)'],
    ['appointments', "(tenant_id, patient_id, starts_at, booked_by) values ($1, $2, '2026-11-02', 'me')"],
    ['clinical_records', "(tenant_id, patient_id, kind, body, author) values ($1, $2, 'note', 'x', 'me')"],
    ['audit_log', "(tenant_id, record_id, at, actor, action) values ($1, $2, '2026-11-02', 'me', 'read')"],
  ])('cannot be put into another tenant: %s', async (table, columnsAndValues) => {
    await expect(
      asTenant(app, mine, `insert into ${table} ${columnsAndValues}`, [other, NOBODY]),
    ).rejects.toMatchObject({
      ...INSUFFICIENT_PRIVILEGE,
      message: expect.stringContaining('row-level security'),
    })
  })

  it.each([
    ['patients', 'patient_profiles', '(profile_id, chart_number) values ($1, 999999)'],
    ['appointments', 'patients', "(patient_id, starts_at, booked_by) values ($1, '2026-11-02', 'me')"],
    ['clinical_records', 'patients', "(patient_id, kind, body, author) values ($1, 'note', 'x', 'me')"],
  ])("cannot refer to another tenant's row: %s to %s", async (table, referenced, columnsAndValues) => {
    const { id } = await one<{ id: string }>(
      admin,
      `select id from ${referenced} where tenant_id = $1 limit 1`,
      [other],
    )
    await expect(asTenant(app, mine, `insert into ${table} ${columnsAndValues}`, [id])).rejects.toMatchObject(
      FOREIGN_KEY_VIOLATION,
    )
  })

  it("changes no row of another tenant's, even when the row is named", async () => {
    const { id } = await one<{ id: string }>(
      admin,
      'select id from appointments where tenant_id = $1 limit 1',
      [other],
    )
    const update = "update appointments set status = 'missed' where id = $1 returning id"
    expect(await asTenant(app, mine, update, [id])).toEqual([])
    expect(await asTenant(app, other, update, [id])).toEqual([{ id }])
  })

  it.each(['clinical_records', 'audit_log'])('stays as it was written: %s', async (table) => {
    await expect(asTenant(app, mine, `delete from ${table}`)).rejects.toMatchObject(INSUFFICIENT_PRIVILEGE)
    const column = table === 'audit_log' ? 'actor' : 'body'
    await expect(asTenant(app, mine, `update ${table} set ${column} = 'x'`)).rejects.toMatchObject(
      INSUFFICIENT_PRIVILEGE,
    )
  })
})

describe('a person who is a patient of two clinics', () => {
  it('has a profile at each, of which a clinic sees its own and changes its own', async () => {
    const { person, tenants } = await one<{ person: string; tenants: string[] }>(
      admin,
      `select person_id as person, array_agg(tenant_id::text order by tenant_id) as tenants from patient_profiles
       group by 1 having count(*) = 2 limit 1`,
    )
    for (const tenant of tenants) {
      const own = [{ tenant_id: tenant }]
      const where = 'where person_id = $1'
      expect(
        await asTenant(app, tenant, `select tenant_id from patient_profiles ${where}`, [person]),
      ).toEqual(own)
      const update = `update patient_profiles set family_name = 'New' ${where} returning tenant_id`
      expect(await asTenant(app, tenant, update, [person])).toEqual(own)
    }
  })

  it('can be registered by a clinic without telling it that another has done so', async () => {
    const { person } = await one<{ person: string }>(
      admin,
      `select person_id as person from patient_profiles group by 1
       having count(*) = 1 and min(tenant_id::text) = $1 limit 1`,
      [other],
    )
    const insert = `insert into patient_profiles (person_id, given_name, family_name, birth_date)
      values ($1, 'A', 'B', '2000-01-01') returning tenant_id`
    expect(await asTenant(app, mine, insert, [person])).toEqual([{ tenant_id: mine }])
  })
})

describe('the partitions of audit_log', () => {
  it('cannot be read or written by name', async () => {
    for (const statement of [
      'select from audit_log_months.audit_log_2026_01',
      "insert into audit_log_months.audit_log_2026_01 (at, actor, action, record_id) values ('2026-01-05', 'x', 'read', gen_random_uuid())",
    ]) {
      await expect(asTenant(app, mine, statement)).rejects.toMatchObject(INSUFFICIENT_PRIVILEGE)
    }
  })

  it('show nothing even when they are granted in error', async () => {
    await admin.query('grant usage on schema audit_log_months to app')
    await admin.query('grant select on all tables in schema audit_log_months to app')
    try {
      const { rows } = await admin.query<{ name: string }>(
        "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'audit_log_months'",
      )
      expect(rows).toHaveLength(12)
      for (const { name } of rows) expect(await asTenant(app, mine, `select from ${name}`)).toEqual([])
    } finally {
      await admin.query('revoke select on all tables in schema audit_log_months from app')
      await admin.query('revoke usage on schema audit_log_months from app')
    }
  })

  it('begin and end with the months of 2026 in UTC', async () => {
    const edges = ['2026-01-01 00:00+00', '2026-07-31 23:59:59.999999+00', '2026-12-31 23:59:59.999999+00']
    for (const at of edges) {
      const month = at.slice(0, 7).replace('-', '_')
      const [row] = await asTenant<{ partition: string }>(
        app,
        mine,
        `insert into audit_log (at, actor, action, record_id) values ($1, 'me', 'read', $2)
         returning tableoid::regclass::text as partition`,
        [at, NOBODY],
      )
      expect(row?.partition).toBe(`audit_log_months.audit_log_${month}`)
    }
  })
})

describe('the role app', () => {
  it('is neither superuser nor past row level security, owns nothing and is a member of nothing', async () => {
    expect(
      await one(
        admin,
        `select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication,
           (select count(*)::int from pg_class where relowner = role.oid) as owned,
           (select count(*)::int from pg_auth_members where member = role.oid) as memberships
         from pg_roles as role where rolname = 'app'`,
      ),
    ).toEqual({
      rolsuper: false,
      rolbypassrls: false,
      rolcreatedb: false,
      rolcreaterole: false,
      rolreplication: false,
      owned: 0,
      memberships: 0,
    })
  })

  it.each([
    'create table mine (id int)',
    'create temporary table patients (id int)',
    'create schema mine',
    'create view mine as select 1',
    'create function mine() returns int language sql return 1',
  ])('cannot %s', async (statement) => {
    await expect(asTenant(app, mine, statement)).rejects.toMatchObject(INSUFFICIENT_PRIVILEGE)
  })
})

describe('every table', () => {
  it('has row level security enabled and forced, partitions too', async () => {
    const { rows } = await admin.query(
      `select oid::regclass::text as name from pg_class
       where relkind in ('r', 'p') and relnamespace in ('public'::regnamespace, 'audit_log_months'::regnamespace)
         and not (relrowsecurity and relforcerowsecurity)`,
    )
    expect(rows).toEqual([])
  })

  it('has the tenant first in every key, index and foreign key', async () => {
    const { rows } = await admin.query(
      `select indexrelid::regclass::text as name from pg_index join pg_class on pg_class.oid = indrelid
       where relnamespace in ('public'::regnamespace, 'audit_log_months'::regnamespace)
         and (select attname from pg_attribute where attrelid = indrelid and attnum = indkey[0]) <> 'tenant_id'
       union all
       select conname from pg_constraint
       where contype = 'f' and (select attname from pg_attribute where attrelid = conrelid and attnum = conkey[1]) <> 'tenant_id'`,
    )
    expect(rows).toEqual([])
  })
})
