import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigError } from '../../../src/errors/config.ts'
import { runProbe } from '../../../src/rls/probe/run-probe.ts'
import { TENANT_A } from '../../support/notes.ts'
import { Roles } from '../verify/roles.ts'
import { leaks, OPTIONS, ProbeDatabase } from './support/probe-database.ts'

const APP_RIGHTS = 'select, insert, delete'

describe('the login', () => {
  let database: ProbeDatabase
  beforeAll(async () => {
    database = await ProbeDatabase.open()
  })
  afterAll(() => database[Symbol.asyncDispose]())

  it('that owns a table sees all of it where row security is not forced', async () => {
    await using roles = new Roles(database.target)
    const owner = await roles.create('login')
    await roles.run(`grant usage on schema public to ${owner}; alter table visits owner to ${owner}`)
    const findings = await database.probe({}, owner)
    // With FORCE it is held by the floor alone, which is restrictive: it sees nothing.
    expect(leaks(findings)).toEqual(['probe-truncate public.visits'])
    await roles.run('alter table visits no force row level security')
    const open = await database.probe({}, owner)
    expect(leaks(open)).toEqual([
      'probe-read public.visits',
      'probe-truncate public.visits',
      'probe-write public.visits',
    ])
    expect(open[0]?.message).toContain("has the rights of the table's owner, and row security is not forced")
    await roles.run('alter table visits force row level security; alter table visits owner to postgres')
  })

  it.each([
    ['superuser', 'is a superuser'],
    ['bypassrls', 'has BYPASSRLS'],
  ])('that no policy holds is all that is said: %s', async (attribute, why) => {
    await using roles = new Roles(database.target)
    const exempt = await roles.create(`login ${attribute}`)
    const findings = await database.probe({}, exempt)
    expect(findings).toMatchObject([{ rule: 'probe-role', severity: 'error', object: exempt }])
    expect(findings[0]?.message).toContain(why)
  })

  it('that begins as a tenant is found out, with the rows that it shows', async () => {
    await using roles = new Roles(database.target)
    const user = await roles.create('login')
    await roles.run(`grant ${APP_RIGHTS} on patients to ${user}; create policy mine on patients to ${user}
      using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))`)
    expect(await database.probe({}, user)).toEqual([])
    // With this, statements fail that policies filter.
    await roles.run(`alter role ${user} set row_security = off`)
    expect(await database.probe({}, user)).toEqual([])
    await roles.run(`alter role ${user} set app.tenant_id = '${TENANT_A}'`)
    const findings = await database.probe({}, user)
    expect(leaks(findings)).toEqual([`probe-default-tenant ${user}`])
    expect(findings[0]?.message).not.toContain(TENANT_A)
    await roles.run('drop policy mine on patients')
  })

  it('that another login takes by SET ROLE is probed, and what that hides is said', async () => {
    await database.run('create view names as select name from patients; grant select on names to app')
    const findings = await database.probe({ appRole: 'app' }, 'postgres')
    expect(leaks(findings)).toEqual(['probe-hidden-tenant public.names'])
    expect(findings.filter(({ severity }) => severity === 'info')).toMatchObject([
      {
        rule: 'probe-session',
        message: expect.stringContaining('took "app" by SET ROLE. What hangs on the login'),
      },
    ])
    await database.run('drop view names')
  })

  it('that may not take the role of the application is refused', async () => {
    await using roles = new Roles(database.target)
    const user = await roles.create('login')
    await expect(database.probe({ appRole: 'app' }, user)).rejects.toThrow(ConfigError)
    await expect(database.probe({ appRole: 'app' }, user)).rejects.toThrow(
      /cannot SET ROLE to "app" \(SQLSTATE 42501\)/,
    )
    await expect(database.probe({ appRole: 'no "such" role' }, user)).rejects.toThrow(ConfigError)
  })
})

describe('the connection', () => {
  it('that was used before is probed, but not for what comes before the first tenant', async () => {
    await using database = await ProbeDatabase.open(
      "drop policy tenant_floor on visits; create policy first on visits for select to app using (current_setting('app.tenant_id', true) is null)",
    )
    expect(leaks(await database.probe())).toEqual(['probe-no-context public.visits'])
    const used = await database.connect('app')
    await used.query("begin; set local app.tenant_id = 'x'; commit")
    const findings = await runProbe({ app: used }, OPTIONS)
    expect(findings).toMatchObject([{ rule: 'probe-session', severity: 'info' }])
    expect(findings[0]?.message).toContain('what is seen where it was never set was not probed')
    await used.end()
  })

  it('is left in no transaction, with no lock and no rights but its own', async () => {
    await using database =
      await ProbeDatabase.open(`create function locking() returns setof patients language plpgsql as $$ begin
      perform pg_advisory_lock(1); return query select * from patients; end $$;`)
    const client = await database.connect('postgres')
    await runProbe({ app: client }, { ...OPTIONS, appRole: 'app' })
    const { rows } = await client.query(
      "select current_user::text as role, (select count(*)::int from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks, now() = statement_timestamp() as idle",
    )
    expect(rows).toEqual([{ role: 'postgres', locks: 0, idle: true }])
    await client.end()
  })

  it('that is lost ends the probe with the error that says so', async () => {
    await using database = await ProbeDatabase.open()
    const client = await database.connect('app')
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    const probe = runProbe({ app: client }, OPTIONS)
    await database.run(`select pg_terminate_backend(${rows[0]?.pid})`)
    await expect(probe).rejects.toThrow(/terminat|not queryable/)
  })
})

describe('the tenants', () => {
  it('are found by a role that no policy holds: two that have rows in the same tables', async () => {
    await using database = await ProbeDatabase.open(
      `insert into patients (tenant_id, name) select gen_random_uuid(), 'alone' from generate_series(1, 30);
       create view names as select tenant_id, name from patients; grant select on names to app`,
    )
    const { tenants: _, ...options } = OPTIONS
    const app = await database.connect('app')
    const admin = await database.connect('postgres')
    // Nothing was left unprobed, so both have rows in both tables.
    expect(await runProbe({ app, admin }, options)).toMatchObject([
      { rule: 'probe-read', object: 'public.names' },
    ])
    await Promise.all([app.end(), admin.end()])
  })

  it('must be named where nobody may look for them', async () => {
    await using database = await ProbeDatabase.open()
    await expect(database.probe({ tenants: undefined })).rejects.toThrow(/Name them/)
    const [app, admin] = [await database.connect('app'), await database.connect('app')]
    await expect(runProbe({ app, admin }, { ...OPTIONS, tenants: undefined })).rejects.toThrow(ConfigError)
    await Promise.all([app.end(), admin.end()])
  })

  it('may bring settings along that policies read as well', async () => {
    await using database =
      await ProbeDatabase.open(`drop policy tenant_floor on visits; drop policy tenant on visits;
      create policy staff on visits to app using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid and current_setting('app.staff', true) = 'yes')`)
    const [first, second] = OPTIONS.tenants ?? []
    expect(await database.probe()).toMatchObject([{ rule: 'probe-incomplete', object: 'public.visits' }])
    const settings = { 'app.staff': 'yes' }
    const tenants = [
      { id: first?.id ?? '', settings },
      { id: second?.id ?? '', settings },
    ] as const
    expect(await database.probe({ tenants })).toEqual([])
  })
})
