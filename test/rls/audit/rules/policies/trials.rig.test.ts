import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { AuditOptions } from '../../../../../src/rls/audit/audit-options.ts'
import { POLICY_RULES } from '../../../../../src/rls/audit/rules/policies/index.ts'
import { runAudit } from '../../../../../src/rls/audit/run-audit.ts'
import { createDatabase, dropDatabase } from '../../../../../src/testing/rig/databases.ts'

const OPTIONS: AuditOptions = {
  appRole: 'app',
  tenantColumn: 'tenant_id',
  tenantColumns: {},
  tenantSetting: 'app.tenant_id',
  settings: [],
  shared: [],
  backupRoles: [],
  sources: [],
}
const SETTING = "(select nullif(current_setting('app.tenant_id', true), '')::uuid)"

/** A table whose permissive policy is this, above a floor or not. */
const table = (condition: string, { granted = true, floor = false } = {}) => `
  create table public.patients (tenant_id uuid not null, id uuid not null, primary key (tenant_id, id));
  alter table public.patients enable row level security;
  alter table public.patients force row level security;
  create policy tenant on public.patients to app using (${condition});
  ${floor ? `create policy tenant_floor on public.patients as restrictive using (tenant_id = ${SETTING});` : ''}
  ${granted ? 'grant select on public.patients to app;' : ''}`

let database: string
let admin: pg.Client
let auditor: pg.Client
const auditorRole = `policies_auditor_${process.pid}`

async function connect(user: string): Promise<pg.Client> {
  const client = new pg.Client({ ...inject('rig').primary, user, database })
  await client.connect()
  return client
}

beforeAll(async () => {
  database = (await createDatabase(inject('rig').primary, { template: 'empty' })).name
  admin = await connect('postgres')
  await admin.query(`create role ${auditorRole} login`)
  auditor = await connect(auditorRole)
})
afterAll(async () => {
  await auditor?.end()
  await admin?.query(`drop owned by ${auditorRole}; drop role ${auditorRole}`)
  await admin?.end()
  await dropDatabase(inject('rig').primary, database)
})

/** Makes a schema, uses it, and takes it away again. */
async function inSchema<T>(sql: string, use: () => Promise<T>): Promise<T> {
  await admin.query(`create schema made; grant usage on schema made to public; ${sql}`)
  try {
    return await use()
  } finally {
    await admin.query('drop schema made cascade; drop table if exists public.patients cascade')
  }
}

async function audit(client: pg.Client) {
  await client.query('begin isolation level repeatable read read only')
  try {
    return await runAudit(client, OPTIONS, POLICY_RULES)
  } finally {
    await client.query('rollback')
  }
}

const ruled = (found: Awaited<ReturnType<typeof audit>>) =>
  found.map(({ rule, severity }) => `${rule} ${severity}`)

describe('trying policies', () => {
  const opensWithout = `create function made.sees(tenant uuid) returns boolean stable language plpgsql as $$ begin
    return nullif(current_setting('app.tenant_id', true), '') is null
      or tenant = nullif(current_setting('app.tenant_id', true), '')::uuid; end $$;`

  it('is done as the application, read only, and changes nothing for whoever audits', async () => {
    const spies = `create function made.spy(tenant uuid) returns boolean language plpgsql as $$ begin
        if current_user <> 'app' or exists (select from pg_settings
          where name in ('transaction_read_only', 'row_security') and setting <> 'on')
        then return false; end if;
        perform set_config('app.left_behind', 'x', false);
        return true; end $$;`
    await inSchema(`${spies} ${table('made.spy(tenant_id)')}`, async () => {
      await admin.query('begin isolation level repeatable read')
      const state = `select current_user, session_user, current_setting('transaction_read_only') as read_only,
        current_setting('statement_timeout') as timeout, current_setting('app.left_behind', true) as left_behind`
      const before = (await admin.query(state)).rows
      const found = await runAudit(admin, OPTIONS, POLICY_RULES)
      const after = (await admin.query(state)).rows.map((row) => ({
        ...row,
        left_behind: row.left_behind || null,
      }))
      await admin.query('rollback')
      // It is true only where it finds everything as it should be.
      expect(ruled(found)).toEqual(['policy-always-true error', 'no-restrictive-floor warning'])
      expect(after).toEqual(before)
    })
  })

  it('finds what a function lets through that cannot be read', async () => {
    await inSchema(`${opensWithout} ${table('made.sees(tenant_id)')}`, async () => {
      expect(ruled(await audit(admin))).toContain('open-without-context error')
    })
  })

  it('says what it could not try where the auditor may not take the role, and goes on', async () => {
    await inSchema(`${opensWithout} ${table('made.sees(tenant_id)')}`, async () => {
      const found = await audit(auditor)
      expect(ruled(found)).not.toContain('open-without-context error')
      expect(found.filter(({ severity }) => severity === 'info').map(({ object }) => object)).toEqual([
        'public.patients',
      ])
    })
  })

  it('trusts a function to answer the tenant where it could not be tried', async () => {
    const answers = `create function made.tenant() returns uuid stable language sql
      as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$;`
    await inSchema(`${answers} ${table('tenant_id = (select made.tenant())')}`, async () => {
      expect(ruled(await audit(auditor))).toEqual([
        'no-restrictive-floor warning',
        'open-without-context info',
      ])
    })
  })

  it('takes an auditor that is a member of the role, and no superuser', async () => {
    await inSchema(
      `${opensWithout} ${table('made.sees(tenant_id)')} grant app to ${auditorRole};`,
      async () => {
        try {
          expect(ruled(await audit(auditor))).toContain('open-without-context error')
        } finally {
          await admin.query(`revoke app from ${auditorRole}`)
        }
      },
    )
  })

  it('gives up on a function that takes too long', async () => {
    const sleeps = `create function made.slow() returns uuid volatile language plpgsql as $$ begin
      perform pg_sleep(30); return null; end $$;`
    await inSchema(`${sleeps} ${table('tenant_id = (select made.slow())', { floor: true })}`, async () => {
      const startedAt = performance.now()
      const found = await audit(admin)
      expect(performance.now() - startedAt).toBeLessThan(10_000)
      expect(found.filter(({ severity }) => severity === 'info').map(({ object }) => object)).toEqual([
        'made.slow()',
      ])
    })
  })

  it('has nothing to try in canonical policies', async () => {
    await inSchema(table(`tenant_id = ${SETTING}`, { floor: true }), async () => {
      const texts: string[] = []
      const query = (text: string, values: readonly unknown[] = []) => {
        texts.push(text)
        return admin.query(text, [...values])
      }
      await admin.query('begin')
      expect(await runAudit({ query }, OPTIONS, POLICY_RULES)).toEqual([])
      await admin.query('rollback')
      expect(texts.filter((text) => text.includes('savepoint'))).toEqual([])
    })
  })
})

describe('an error in a policy', () => {
  it('is a warning as long as the application has no privilege on the table', async () => {
    const found = await inSchema(table('true', { granted: false }), () => audit(admin))
    expect(ruled(found)).toEqual(['policy-always-true warning', 'no-restrictive-floor warning'])
  })

  it('is one when the application has the privilege', async () => {
    const found = await inSchema(table('true'), () => audit(admin))
    expect(ruled(found)).toEqual(['policy-always-true error', 'no-restrictive-floor warning'])
  })
})

describe('a tenant that sessions begin with', () => {
  it('is found on the database', async () => {
    await inSchema(table(`tenant_id = ${SETTING}`, { floor: true }), async () => {
      await admin.query(
        `alter database ${database} set app.tenant_id = '00000000-0000-4000-8000-000000000001'`,
      )
      const [found, ...more] = await audit(admin)
      expect(more).toEqual([])
      expect(found).toMatchObject({ rule: 'default-tenant', severity: 'error', object: database })
      await admin.query(found?.sql ?? '')
      expect(await audit(admin)).toEqual([])
    })
  })
})
