import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError } from '../../../src/errors/config.ts'
import type { PolicyOptions } from '../../../src/rls/policy/policy-options.ts'
import { SchemaRefusedError } from '../../../src/rls/policy/schema-refused-error.ts'
import { ScratchDatabase } from './support/scratch-database.ts'

let resources = new AsyncDisposableStack()
let database: ScratchDatabase
beforeEach(async () => {
  await resources.disposeAsync()
  resources = new AsyncDisposableStack()
  database = await ScratchDatabase.open(resources)
})
afterAll(() => resources.disposeAsync())

/** What stands in the way of a schema, as `object: message`. */
async function problemsOf(schema: string, options: Partial<PolicyOptions> = {}): Promise<readonly string[]> {
  await database.admin.query(schema)
  const error = await database.generate(options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(SchemaRefusedError)
  const { problems, message } = error as SchemaRefusedError
  for (const { object, fix } of problems) {
    expect(message).toContain(object)
    expect(message).toContain(fix)
  }
  return problems.map(({ object, message: said }) => `${object}: ${said}`)
}

const P = 'create table p (tenant_id uuid not null, id int primary key, a int, unique (a));'

describe('Refused, with what to do, is', () => {
  it('a schema with tables that nobody has declared, all of them named', async () => {
    const tables = 'create table b (id int); create table a (id int); create table t (tenant_id uuid)'
    expect(await problemsOf(tables)).toEqual([
      'public.a: The table has no column tenant_id.',
      'public.b: The table has no column tenant_id.',
    ])
    expect(await database.generate({ tables: ['public.t'] })).not.toEqual([])
    expect(await database.generate({ shared: ['public.a'], internal: ['public.b'] })).not.toEqual([])
  })

  it('a name of nothing', async () => {
    const options = {
      schemas: ['public', 'nowhere'],
      tables: ['public.month', 'public.none'],
      shared: ['x.y'],
      internal: ['x.y'],
      privileges: { 'public.typo': [] },
    }
    const partitioned = `create table months (tenant_id uuid, at date) partition by range (at);
      create table month partition of months for values from ('2026-01-01') to ('2027-01-01')`
    expect(await problemsOf(partitioned, options)).toEqual([
      'public.none: There is no such table.',
      'x.y: There is no such table.',
      'public.typo: There is no such table.',
      'public.month: The table is a partition of public.months.',
      'nowhere: There is no such schema.',
      'x.y: It is declared both shared and internal.',
    ])
  })

  it('a role that is none, or a setting', async () => {
    await expect(database.generate({ appRole: 'nobody' })).rejects.toBeInstanceOf(ConfigError)
    await expect(database.generate({ tenantSetting: "x'); drop table t; --" })).rejects.toBeInstanceOf(
      ConfigError,
    )
    await expect(database.generate({ settings: [{ setting: 'user', column: 'x' }] })).rejects.toBeInstanceOf(
      ConfigError,
    )
  })

  it('an application that policies do not hold', async () => {
    expect(await problemsOf('create table t (tenant_id uuid)', { appRole: 'postgres' })).toEqual(
      expect.arrayContaining([
        'postgres: The role is a superuser or has BYPASSRLS, so that no policy holds it.',
        'public.t: The table belongs to postgres, or to a role that it is a member of, and who owns it can undo all of this.',
      ]),
    )
  })

  it('a table of the application’s own, or of a role that it can become', async () => {
    const schema = `create table t (tenant_id uuid); alter table t owner to app; create table u (tenant_id uuid);
      alter table u owner to visitor`
    expect((await problemsOf(schema)).map((problem) => problem.split(':')[0])).toEqual([
      'public.t',
      'public.u',
    ])
  })

  it('a privilege that only somebody else can take away', async () => {
    const schema = `create table t (tenant_id uuid); grant truncate on t to pg_monitor with grant option;
      set role pg_monitor; grant truncate on t to app; reset role`
    expect(await problemsOf(schema)).toEqual([
      'public.t: The role pg_monitor, which does not own it, has passed on privileges that the application must not have.',
    ])
  })

  it('a tenant column that cannot hold the setting', async () => {
    const schema = `create table a (tenant_id numeric); create table b (tenant_id int generated always as identity, id int);
      create table c (tenant_id char(3))`
    expect((await problemsOf(schema)).map((problem) => problem.slice(0, 40))).toEqual([
      'public.a: Its tenant column tenant_id ha',
      'public.b: Its tenant column tenant_id is',
      'public.c: Its tenant column tenant_id ha',
    ])
  })

  it.each([
    [
      'pairs the tenant with something else',
      'other uuid, foreign key (other, p) references p (tenant_id, id)',
      'refers to a row of another tenant',
    ],
    ['is MATCH FULL', 'a int, foreign key (p, a) references p (id, a) match full', 'MATCH FULL'],
    ['unsets what it refers to', 'foreign key (p) references p on update set null', 'ON UPDATE SET'],
  ])('a foreign key that %s', async (_name, key, said) => {
    const schema = `${P} alter table p add unique (tenant_id, id), add unique (id, a);
      create table c (tenant_id uuid not null, id int primary key, p int, ${key})`
    const problems = await problemsOf(schema)
    expect(problems).toEqual([expect.stringContaining(said)])
    expect(problems[0]).toMatch(/^public.c: /)
  })

  it('a table whose key others refer to, without the others', async () => {
    const schema = `${P} create table c (tenant_id uuid not null, id int primary key, p int references p);
      create table ledger (p int references p (a))`
    expect(await problemsOf(schema, { tables: ['public.p'] })).toEqual([
      'public.ledger: Its foreign key ledger_p_fkey refers to the key p_a_key of public.p, which is without the tenant.',
      'public.c: Its foreign key c_p_fkey refers to the key p_pkey of public.p, which is without the tenant.',
    ])
    expect(await problemsOf('', { tables: ['public.c'] })).toEqual([
      'public.c: The foreign key c_p_fkey refers to public.p, whose key is without the tenant.',
    ])
  })

  it('a constraint that excludes by a method that knows no tenants', async () => {
    const schema = 'create table t (tenant_id uuid, during tsrange, exclude using gist (during with &&))'
    expect(await problemsOf(schema)).toEqual([
      'public.t: t_during_excl excludes rows across tenants, and gist cannot compare tenant_id.',
    ])
  })

  it('a further setting for a column that is not there', async () => {
    const options = {
      settings: [{ setting: 'app.user_id', column: 'user_id', tables: ['public.p'] }],
    }
    expect(await problemsOf(P, options)).toEqual([
      'public.p: The table has no column user_id to be compared with app.user_id.',
    ])
  })
})
