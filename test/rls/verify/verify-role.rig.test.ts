import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLeasehold, RlsNotEnforcedError, withTenant } from '../../../src/index.ts'
import { reportRole } from '../../../src/rls/verify/role-report.ts'
import { TENANT_A } from '../../support/notes.ts'
import { openTarget, type Target } from '../../support/target.ts'
import { Roles } from './roles.ts'

const HOSTILE = 'r"; drop table notes; --\n\u202e'

describe('a login role', () => {
  let target: Target

  beforeAll(async () => {
    target = await openTarget('direct', { poolSize: 4 })
  })
  afterAll(() => target.close())

  /** What a use of a pool of this login role comes to. */
  const use = async (user: string, options = {}) => {
    const primary = target.poolOptions({ user, max: 1, ...options })
    await using db = createLeasehold({ primary })
    return db
      .tenant(TENANT_A)
      .query('select 1')
      .then(
        () => undefined,
        (error: unknown) => error,
      )
  }
  const refusal = async (user: string, options = {}) => {
    const error = await use(user, options)
    expect(error).toBeInstanceOf(RlsNotEnforcedError)
    const refused = error as RlsNotEnforcedError
    expect(refused).toMatchObject({ code: 'LSH_ERR_RLS_NOT_ENFORCED', retryable: false })
    for (const { cause, fix } of refused.causes) {
      expect(refused.message).toContain(cause)
      expect(refused.message).toContain(fix)
    }
    return refused.causes
  }

  it('without anything of that is accepted', async () => {
    expect(await use('app')).toBeUndefined()
  })

  it('that is a superuser is refused, over a bare pool too', async () => {
    const causes = [
      {
        cause: expect.stringContaining('"postgres", which is a superuser'),
        fix: expect.stringContaining('nosuperuser nobypassrls'),
      },
    ]
    expect(await refusal('postgres')).toEqual(causes)
    const work = withTenant(target.pool({ user: 'postgres' }), TENANT_A, (tx) => tx.query('select 1'))
    await expect(work).rejects.toMatchObject({ code: 'LSH_ERR_RLS_NOT_ENFORCED', causes })
  })

  it('with BYPASSRLS is refused, until it has it no more', async () => {
    await using roles = new Roles(target)
    const user = await roles.create('login bypassrls')
    const [gap] = await refusal(user)
    expect(gap?.cause).toBe(
      `The application logs in as "${user}", which has BYPASSRLS, so that PostgreSQL applies no policy to it.`,
    )
    await roles.run(gap?.fix ?? '')
    expect(await use(user)).toBeUndefined()
  })

  it('that owns a table with row security is refused, with FORCE too, and one that owns another table is not', async () => {
    await using roles = new Roles(target)
    const user = await roles.create('login')
    await roles.run(`alter table notes owner to ${user}`)
    expect(await refusal(user)).toEqual([
      {
        cause: expect.stringContaining('which owns public.notes, and'),
        fix: expect.stringContaining('alter table public.notes owner to'),
      },
    ])
    await roles.run(`alter table notes owner to postgres; alter table parents owner to ${user}`)
    expect(await use(user)).toBeUndefined()
  })

  it('that owns a table with the tenant column is refused, one with row security off and one of another name', async () => {
    await using roles = new Roles(target)
    const user = await roles.create('login')
    await roles.run(`
      create schema "own""er";
      create table "own""er"."Logs" (tenant_id uuid); alter table "own""er"."Logs" owner to ${user};
      create table "own""er".clinics (clinic int); alter table "own""er".clinics owner to ${user}`)
    expect((await refusal(user))[0]?.cause).toContain('owns "own""er"."Logs", and')
    const primary = target.poolOptions({ user, max: 1 })
    await using db = createLeasehold({ primary, tenant: { column: 'clinic' } })
    await expect(db.tenant(TENANT_A).query('select 1')).rejects.toThrow('owns "own""er".clinics, and')
    await roles.run('drop schema "own""er" cascade')
  })

  it('that made a temporary table with the tenant column is not refused for it', async () => {
    const client = await target.connect()
    await client.query('create temporary table scratch (tenant_id uuid)')
    expect(await use('app')).toBeUndefined()
  })

  it('is refused for the tables of a role that it is a member of, at the end of a chain', async () => {
    await using roles = new Roles(target)
    const user = await roles.create('login')
    const staff = await roles.create()
    const owner = await roles.create()
    await roles.run(
      `grant ${staff} to ${user}; grant ${owner} to ${staff}; alter table notes owner to ${owner}`,
    )
    const [gap, ...more] = await refusal(user)
    expect(gap?.cause).toContain(
      `can act as "${owner}" by membership ("${user}" -> "${staff}" -> "${owner}"), and that role owns public.notes`,
    )
    expect([gap?.fix, more]).toEqual([`revoke "${owner}" from "${staff}";`, []])
    await roles.run(gap?.fix ?? '')
    expect(await use(user)).toBeUndefined()
  })

  it.each(['superuser', 'bypassrls'])('is refused as a member of a role with %s', async (attribute) => {
    await using roles = new Roles(target)
    const user = await roles.create('login noinherit')
    const strong = await roles.create(attribute)
    await roles.run(`grant ${strong} to ${user}`)
    expect(await refusal(user)).toEqual([
      { cause: expect.stringContaining(`"${strong}" `), fix: `revoke "${strong}" from "${user}";` },
    ])
  })

  it.each([
    ['inherit false, set false', false],
    ['inherit true, set false', true],
    ['inherit false, set true', true],
    ['inherit false, set false, admin true', true],
  ])('as a member of an owner with %s: refused is %s', async (options, isRefused) => {
    await using roles = new Roles(target)
    const user = await roles.create('login')
    const owner = await roles.create()
    await roles.run(`grant ${owner} to ${user} with ${options}; alter table notes owner to ${owner}`)
    expect((await use(user)) instanceof RlsNotEnforcedError).toBe(isRefused)
    // What the answer stands for.
    const client = target.pool({ user, max: 1 })
    const attempts = options.includes('admin')
      ? `grant ${owner} to ${user} with inherit true, set true; set role ${owner}; set role none`
      : `set role ${owner}; set role none`
    await client.query(attempts).catch(() => {})
    const can = await client.query('alter table notes disable row level security').then(
      () => true,
      () =>
        client.query(`set role ${owner}; alter table notes disable row level security`).then(
          () => true,
          () => false,
        ),
    )
    expect(can).toBe(isRefused)
    await roles.run('alter table notes enable row level security')
  })

  it('is refused when its sessions begin as another role', async () => {
    await using roles = new Roles(target)
    const user = await roles.create('login')
    const other = await roles.create('bypassrls')
    await roles.run(`grant ${other} to ${user}; alter role ${user} set role = ${other}`)
    const causes = await refusal(user)
    expect(causes.map(({ cause }) => cause).join()).toContain(`whose sessions run as "${other}"`)
    // RESET ROLE takes a session back to who has logged in.
    await roles.run(`alter role ${other} nobypassrls; alter role ${user} bypassrls`)
    const [gap] = await refusal(user)
    expect(gap?.cause).toContain(`logs in as "${user}", which has BYPASSRLS`)
  })

  it('is refused with row_security off, from the role or from the connection', async () => {
    await using roles = new Roles(target)
    const user = await roles.create('login')
    const off = [
      { cause: expect.stringContaining('row_security off'), fix: expect.stringContaining('reset') },
    ]
    expect(await refusal(user, { options: '-c row_security=off' })).toEqual(off)
    await roles.run(`alter role ${user} set row_security = off`)
    expect(await refusal(user)).toEqual(off)
    await roles.run(`alter role ${user} reset row_security`)
    expect(await use(user)).toBeUndefined()
  })

  it('has every cause named at once', async () => {
    await using roles = new Roles(target)
    const user = await roles.create('login bypassrls')
    const strong = await roles.create('superuser')
    await roles.run(`grant ${strong} to ${user}; alter table notes owner to ${user}`)
    const causes = await refusal(user, { options: '-c row_security=off' })
    expect(causes.map(({ cause }) => cause)).toEqual([
      expect.stringContaining('BYPASSRLS'),
      expect.stringContaining('owns public.notes'),
      expect.stringContaining('superuser'),
      expect.stringContaining('row_security'),
    ])
  })

  it('and tables with hostile names break out of neither SQL nor message', async () => {
    await using roles = new Roles(target)
    const user = await roles.create('login bypassrls', HOSTILE)
    const [gap] = await refusal(user)
    expect(gap?.cause).toContain('"r""; drop table notes; --\\n\\u{202e}_')
    expect(gap?.cause).not.toMatch(/[\n\u202e]/)
  })

  it('that may not read the catalogs is refused, for nobody knows what it is', async () => {
    await using roles = new Roles(target)
    const user = await roles.create('login')
    await roles.run('revoke select on pg_catalog.pg_auth_members from public')
    try {
      expect(await refusal(user)).toEqual([
        {
          cause: expect.stringContaining('may not read the catalogs'),
          fix: expect.stringContaining('grant select'),
        },
      ])
    } finally {
      await roles.run('grant select on pg_catalog.pg_auth_members to public')
    }
    expect(await use(user)).toBeUndefined()
  })

  it('is reported with what the server says of itself', async () => {
    const client = await target.connect()
    const report = await reportRole(client, 'tenant_id')
    expect(report).toMatchObject({ loginRole: 'app', currentRole: 'app', rowSecurity: true })
    const { rows } = await client.query('show server_version')
    expect(rows).toEqual([{ server_version: report.server.version }])
    expect(report.server.versionNumber).toBeGreaterThan(150_000)
    expect(report.reached.map(({ name, via }) => [name, via])).toEqual([
      ['app', null],
      ['visitor', 'app'],
    ])
  })
})
