import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLeasehold, type VerifyOptions } from '../../../src/index.ts'
import { TENANT_A } from '../../support/notes.ts'
import { openTarget, TARGETS, type Target } from '../../support/target.ts'
import { Roles } from './roles.ts'

const TENANT = "(select nullif(current_setting('app.tenant_id', true), '')::uuid)"

describe.each(TARGETS)('the audit on start, %s', (name) => {
  let target: Target
  let roles: Roles

  beforeAll(async () => {
    target = await openTarget(name, { poolSize: 3, template: 'empty' })
    roles = new Roles(target)
    const owner = await roles.create()
    const { rows } = await target.admin.query('select current_database() as database')
    await roles.run(`
      revoke temporary, create on database ${rows[0]?.database} from public;
      revoke create on schema public from public;
      grant usage on schema public to app;
      create table visits (tenant_id uuid not null, id uuid not null, primary key (tenant_id, id));
      alter table visits owner to ${owner};
      alter table visits enable row level security;
      alter table visits force row level security;
      create policy tenant on visits to app using (tenant_id = ${TENANT});
      create policy tenant_floor on visits as restrictive to public using (tenant_id = ${TENANT});
      grant select, insert, delete on visits to app;`)
  })
  afterAll(async () => {
    await roles[Symbol.asyncDispose]()
    await target.close()
  })

  const use = async (verifyOnStart: VerifyOptions['verifyOnStart']) => {
    const primary = target.poolOptions({ max: 2 })
    await using db = createLeasehold({ primary, ...(verifyOnStart === undefined ? {} : { verifyOnStart }) })
    const { rows } = await db
      .tenant(TENANT_A)
      .query<{ path: string }>("select current_setting('search_path') as path")
    return rows
  }

  it('lets a right schema through, leaves nothing of its own on the session, and costs nothing again', async () => {
    const db = createLeasehold({ primary: target.pool({ max: 1 }), verifyOnStart: 'audit' })
    const { rows } = await db.tenant(TENANT_A).query("select current_setting('search_path') as path")
    expect(rows).toEqual([{ path: '"$user", public' }])
    target.proxy.resetCounts()
    await db.tenant(TENANT_A).query('select 1')
    expect(target.proxy.counts.roundTrips).toBe(1)
  })

  it('refuses what the audit says is an error, that is nothing to the check of the role', async () => {
    await roles.run(
      'create table open_notes (tenant_id uuid not null, body text); grant select on open_notes to app',
    )
    try {
      await expect(use('audit')).rejects.toMatchObject({
        code: 'LSH_ERR_RLS_NOT_ENFORCED',
        causes: expect.arrayContaining([
          {
            cause: expect.stringMatching(/^public\.open_notes: .*\(rls-disabled\)$/),
            fix: expect.stringContaining('leasehold rls generate'),
          },
        ]),
      })
      expect(await use('role')).toHaveLength(1)
      // A shared table is one that says so.
      expect(await use({ audit: { shared: ['public.open_notes'] } })).toHaveLength(1)
    } finally {
      await roles.run('drop table open_notes')
    }
    expect(await use('audit')).toHaveLength(1)
  })
})
