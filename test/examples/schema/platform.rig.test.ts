import { readFile } from 'node:fs/promises'
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ANNA, MIRA } from '../../../examples/schema/seed/cast.ts'
import { BERG, LAKESIDE, SONNENHOF } from '../../../examples/schema/seed/platform-clinics.ts'
import { miraAt } from '../../../examples/schema/seed/seed-mira.ts'
import { cacheJournalSql } from '../../../src/cache/journal/journal-table.ts'
import { runAudit } from '../../../src/rls/audit/run-audit.ts'
import { connect, type PlatformSchema, startPlatformSchema } from '../support/start-platform-schema.ts'

const POLICY = { code: '42501' }
const ISSUERS = 'http://127.0.0.1:1'

let resources: AsyncDisposableStack
let platform: PlatformSchema
let admin: Client
let app: Client

beforeAll(async () => {
  resources = new AsyncDisposableStack()
  platform = await startPlatformSchema(
    resources,
    { standbys: 0, redis: false },
    { clinics: 5, patients: 500, identityUrl: ISSUERS },
  )
  admin = platform.admin
  app = await connect(platform.primary.url({ user: 'app', database: 'postgres' }), resources)
})
afterAll(() => resources?.disposeAsync())

/** What policies are told of a session. */
interface Told {
  readonly tenant?: string
  readonly person?: string
  readonly user?: string
}

const anna: Told = { tenant: SONNENHOF.tenantId, person: 'any', user: ANNA.userId }
const mira: Told = { tenant: SONNENHOF.tenantId, person: MIRA.personId, user: MIRA.userId }

async function as<Row extends object>(told: Told, text: string, values: unknown[] = []): Promise<Row[]> {
  await app.query('begin')
  try {
    for (const [setting, value] of Object.entries({
      tenant_id: told.tenant,
      person_id: told.person,
      user_id: told.user,
    })) {
      await app.query('select set_config($1, $2, true)', [`app.${setting}`, value ?? ''])
    }
    return (await app.query<Row>(text, values)).rows
  } finally {
    await app.query('rollback')
  }
}

/** Each by what says whose its rows are, given the id of a chart as `mine`. */
const PERSONAL = {
  patient_profiles: 'id = (select profile_id from patients where id = mine)',
  patients: 'id = mine',
  appointments: 'patient_id = mine',
  clinical_records: 'patient_id = mine',
}
const TABLES = Object.entries(PERSONAL)

describe.each(TABLES)('%s', (table, whose) => {
  it('shows staff all rows of their clinic, and none of another', async () => {
    const { rows } = await admin.query(`select count(*)::int as n from ${table} where tenant_id = $1`, [
      anna.tenant,
    ])
    const seen = await as<{ tenant_id: string }>(anna, `select tenant_id from ${table}`)
    expect(seen.length).toBeGreaterThan(5)
    expect(seen).toHaveLength(rows[0].n)
    expect(new Set(seen.map(({ tenant_id }) => tenant_id))).toEqual(new Set([anna.tenant]))
  })

  it('shows a patient the rows of one person, by itself and without any join that would narrow it', async () => {
    const { rows } = await admin.query(
      `select ${table}.id from ${table}, (select $1::uuid as mine) chart where ${whose}`,
      [miraAt(SONNENHOF)],
    )
    const seen = await as<{ id: string }>(mira, `select id from ${table}`)
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.map(({ id }) => id).sort()).toEqual(rows.map(({ id }) => id).sort())
  })

  it('shows nothing where nobody has said whose rows, to staff too', async () => {
    expect(await as({ tenant: SONNENHOF.tenantId, user: ANNA.userId }, `select from ${table}`)).toHaveLength(
      0,
    )
  })

  it('shows a person nothing at a clinic that does not know them', async () => {
    expect(await as({ ...mira, tenant: BERG.tenantId }, `select from ${table}`)).toHaveLength(0)
  })
})

describe('a person at two clinics', () => {
  it('has a chart at each, and at neither sees what the other wrote', async () => {
    const bodies = async (tenant: string) =>
      (await as<{ body: string }>({ ...mira, tenant }, 'select body from clinical_records')).map(
        ({ body }) => body,
      )
    const [here, there] = [await bodies(SONNENHOF.tenantId), await bodies(LAKESIDE.tenantId)]
    expect(here).toHaveLength(2)
    expect(there).toHaveLength(2)
    expect(here.filter((body) => there.includes(body))).toEqual([])
  })
})

describe('a patient', () => {
  it('cannot add to a chart, not even to their own', async () => {
    const add = as(
      mira,
      "insert into clinical_records (patient_id, kind, body, author) values ($1, 'note', 'x', 'me')",
      [miraAt(SONNENHOF)],
    )
    await expect(add).rejects.toMatchObject(POLICY)
  })

  it('cannot change who they are, nor become a patient by themselves', async () => {
    expect(await as(mira, "update patient_profiles set family_name = 'X' returning id")).toEqual([])
    const profile =
      "insert into patient_profiles (person_id, given_name, family_name, birth_date) values ($1, 'A', 'B', '2000-01-01')"
    await expect(as({ ...mira, tenant: BERG.tenantId }, profile, [MIRA.personId])).rejects.toMatchObject(
      POLICY,
    )
    const chart = 'insert into patients (profile_id, chart_number) select id, 99999 from patient_profiles'
    await expect(as(mira, chart)).rejects.toMatchObject(POLICY)
  })

  const book =
    "insert into appointments (patient_id, starts_at, booked_by, status) values ($1, now(), 'me', $2) returning id"

  it('books for themselves and for nobody else', async () => {
    expect(await as(mira, book, [miraAt(SONNENHOF), 'booked'])).toHaveLength(1)
    const { rows } = await admin.query('select id from patients where tenant_id = $1 and chart_number = 1', [
      mira.tenant,
    ])
    await expect(as(mira, book, [rows[0].id, 'booked'])).rejects.toMatchObject(POLICY)
    await expect(as(mira, book, [miraAt(SONNENHOF), 'done'])).rejects.toMatchObject(POLICY)
  })

  it('cancels what is booked, says no more of it, and changes nothing that is past', async () => {
    const change = 'update appointments set status = $1 where status = $2 returning id'
    expect(await as(mira, change, ['cancelled', 'booked'])).toHaveLength(2)
    await expect(as(mira, change, ['arrived', 'booked'])).rejects.toMatchObject(POLICY)
    expect(await as(mira, change, ['cancelled', 'done'])).toHaveLength(0)
  })
})

describe('the audit log', () => {
  const write = "insert into audit_log (actor, action, record_id) values ($1, 'read', $2)"

  it('takes entries in the name of who is signed in, and in no other', async () => {
    await expect(as(anna, write, [ANNA.userId, miraAt(SONNENHOF)])).resolves.toEqual([])
    await expect(as(anna, write, [MIRA.userId, miraAt(SONNENHOF)])).rejects.toMatchObject(POLICY)
    await expect(as({ ...anna, user: '' }, write, ['', miraAt(SONNENHOF)])).rejects.toMatchObject(POLICY)
  })

  it('is read by staff of the clinic, and not by patients', async () => {
    await admin.query(
      "insert into audit_log (tenant_id, actor, action, record_id) values ($1, $2, 'read', $3)",
      [SONNENHOF.tenantId, MIRA.userId, miraAt(SONNENHOF)],
    )
    expect(await as(anna, 'select id from audit_log')).toHaveLength(1)
    expect(await as(mira, 'select id from audit_log')).toHaveLength(0)
    expect(await as({ ...anna, tenant: LAKESIDE.tenantId }, 'select id from audit_log')).toHaveLength(0)
  })

  it('has a month for today, and two more', async () => {
    const { rows } = await admin.query(
      "select count(*)::int as n from pg_inherits where inhparent = 'audit_log'::regclass",
    )
    expect(rows[0].n).toBeGreaterThanOrEqual(3)
  })
})

describe('an operator', () => {
  let operator: Client
  beforeAll(async () => {
    operator = await connect(
      platform.primary.url({ user: 'operator_reader', database: 'postgres' }),
      resources,
    )
  })

  it.each([...Object.keys(PERSONAL), 'audit_log', 'organizations'])('may not read %s', async (table) => {
    await expect(operator.query(`select from ${table}`)).rejects.toMatchObject(POLICY)
  })

  it('counts the connections of everybody, and sees no statement of theirs', async () => {
    await app.query("begin; select 'a secret that somebody typed'")
    const { rows } = await operator.query(
      "select role, state, connections from operator.connections() where role = 'app' and state = 'idle in transaction'",
    )
    await app.query('rollback')
    expect(rows).toEqual([{ role: 'app', state: 'idle in transaction', connections: 1 }])
    const { rows: activity } = await operator.query(
      "select query from pg_stat_activity where usename = 'app'",
    )
    expect(activity.map(({ query }) => query)).toEqual(['<insufficient privilege>'])
  })

  it('may ask after standbys', async () => {
    await expect(operator.query('select * from operator.standbys()')).resolves.toMatchObject({ rows: [] })
    await expect(app.query('select * from operator.connections()')).rejects.toMatchObject(POLICY)
  })
})

describe('the schema', () => {
  it('passes the audit of leasehold', async () => {
    await admin.query('begin read only')
    const findings = await runAudit(admin, {
      appRole: 'app',
      tenantSetting: 'app.tenant_id',
      tenantColumn: 'tenant_id',
      settings: ['app.user_id', 'app.person_id'],
      shared: ['public.organization_domains'],
      tenantColumns: {},
      backupRoles: [],
      sources: [],
    }).finally(() => admin.query('rollback'))
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  it('has the journal that the cache asks for', async () => {
    const file = await readFile(
      new URL('../../../examples/schema/platform/05-cache-journal.sql', import.meta.url),
      'utf8',
    )
    expect(file.endsWith(cacheJournalSql({ systemRole: 'cache_relay' }))).toBe(true)
  })

  it('leads each host to its clinic, and tells strangers nothing else', async () => {
    const { rows } = await app.query(
      "select host, slug, tenancy, issuer from organization_domains where slug = 'berg' order by host",
    )
    expect(rows).toEqual([
      {
        host: 'berg.clinic.platform.localhost',
        slug: 'berg',
        tenancy: 'dedicated',
        issuer: `${ISSUERS}/issuers/berg`,
      },
      {
        host: 'praxis-berg.localhost',
        slug: 'berg',
        tenancy: 'dedicated',
        issuer: `${ISSUERS}/issuers/berg`,
      },
    ])
    await expect(app.query("update organization_domains set issuer = 'x'")).rejects.toMatchObject(POLICY)
  })
})
