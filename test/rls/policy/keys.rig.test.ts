import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { schemaFacts } from './support/schema-facts.ts'
import { ScratchDatabase } from './support/scratch-database.ts'

let resources = new AsyncDisposableStack()
let database: ScratchDatabase
beforeEach(async () => {
  await resources.disposeAsync()
  resources = new AsyncDisposableStack()
  database = await ScratchDatabase.open(resources)
})
afterAll(() => resources.disposeAsync())

/** Makes a schema and makes it right, twice, and gives its keys and indexes. */
async function keysOf(schema: string): Promise<readonly string[]> {
  await database.admin.query(schema)
  const statements = await database.generate()
  await database.apply(statements)
  const facts = await schemaFacts(database.admin)
  await database.apply(statements)
  expect(await schemaFacts(database.admin)).toEqual(facts)
  expect(await database.generate()).toEqual([])
  return facts.filter((fact) =>
    /^(?:constraint|index|relation . \S+ row security \S+ forced \S+ identity i)/.test(fact),
  )
}

const tenantTable = (name: string, rest: string) => `create table ${name} (tenant_id uuid not null, ${rest});`

describe('A key across tenants is replaced by one inside the tenant', () => {
  it('of every kind, with all that was said of it', async () => {
    const facts = await keysOf(`
      ${tenantTable('t', 'id int primary key deferrable initially deferred, a int, b text, c int')}
      alter table t add constraint late unique (a) deferrable initially deferred,
        add constraint with_more unique (a) include (b), add constraint nulls_too unique nulls not distinct (c),
        add constraint t_a_b_key unique (a, b);
      create unique index t_b_idx on t (lower(b) text_pattern_ops, a desc nulls last) include (c) where c > 0;`)
    expect(facts).toEqual([
      'constraint t late_tenant_id UNIQUE (tenant_id, a) DEFERRABLE INITIALLY DEFERRED valid t',
      'constraint t nulls_too_tenant_id UNIQUE NULLS NOT DISTINCT (tenant_id, c) valid t',
      'constraint t t_pkey PRIMARY KEY (tenant_id, id) DEFERRABLE INITIALLY DEFERRED valid t',
      'constraint t t_tenant_id_a_b_key UNIQUE (tenant_id, a, b) valid t',
      'constraint t with_more_tenant_id UNIQUE (tenant_id, a) INCLUDE (b) valid t',
      'index CREATE UNIQUE INDEX late_tenant_id ON public.t USING btree (tenant_id, a) valid t',
      'index CREATE UNIQUE INDEX nulls_too_tenant_id ON public.t USING btree (tenant_id, c) NULLS NOT DISTINCT valid t',
      'index CREATE UNIQUE INDEX t_pkey ON public.t USING btree (tenant_id, id) valid t',
      'index CREATE UNIQUE INDEX t_tenant_id_a_b_key ON public.t USING btree (tenant_id, a, b) valid t',
      'index CREATE UNIQUE INDEX t_tenant_id_b_idx ON public.t USING btree (tenant_id, lower(b) text_pattern_ops, a DESC NULLS LAST) INCLUDE (c) WHERE (c > 0) valid t',
      'index CREATE UNIQUE INDEX with_more_tenant_id ON public.t USING btree (tenant_id, a) INCLUDE (b) valid t',
    ])
  })

  it('unless the tenant is in it already, wherever it stands', async () => {
    const facts = await keysOf(tenantTable('t', 'id int, primary key (id, tenant_id), unique (tenant_id)'))
    expect(facts).toEqual([
      'constraint t t_pkey PRIMARY KEY (id, tenant_id) valid t',
      'constraint t t_tenant_id_key UNIQUE (tenant_id) valid t',
      'index CREATE UNIQUE INDEX t_pkey ON public.t USING btree (id, tenant_id) valid t',
      'index CREATE UNIQUE INDEX t_tenant_id_key ON public.t USING btree (tenant_id) valid t',
    ])
  })

  it('and one by which replicas tell rows apart stays that one', async () => {
    const facts = await keysOf(`${tenantTable('t', 'id int not null unique')}
      alter table t replica identity using index t_id_key;
      ${tenantTable('u', 'id int not null')} create unique index u_id on u (id);
      alter table u replica identity using index u_id;`)
    expect(facts.filter((fact) => fact.includes('identity i'))).toHaveLength(2)
  })

  it('also one that excludes rows, and one over time', async () => {
    const facts = await keysOf(`create extension btree_gist;
      ${tenantTable('bookings', 'room int, during tsrange, exclude using gist (room with =, during with &&) where (room > 0)')}
      ${tenantTable('stays', 'id int, during tsrange, primary key (id, during without overlaps)')}`)
    expect(facts.filter((fact) => fact.startsWith('constraint'))).toEqual([
      'constraint bookings bookings_tenant_id_room_during_excl EXCLUDE USING gist (tenant_id WITH =, room WITH =, during WITH &&) WHERE ((room > 0)) valid t',
      'constraint stays stays_pkey PRIMARY KEY (tenant_id, id, during WITHOUT OVERLAPS) valid t',
    ])
  })

  it('also on a partition alone', async () => {
    const facts = await keysOf(`create table t (tenant_id uuid, at date, id int) partition by range (at);
      create table p partition of t for values from ('2026-01-01') to ('2027-01-01');
      alter table p add primary key (id);`)
    expect(facts).toContain('constraint p p_pkey PRIMARY KEY (tenant_id, id) valid t')
    expect(facts).toContain(
      'index CREATE INDEX t_tenant_id_idx ON ONLY public.t USING btree (tenant_id) valid t',
    )
  })

  it('by names that fit and differ, however long the old ones', async () => {
    const long = 'a_name_that_is_as_long_as_postgresql_lets_names_be_________'
    const facts = await keysOf(`${tenantTable('t', 'a int, b int')}
      alter table t add constraint ${long}1 unique (a), add constraint ${long}2 unique (b);
      ${tenantTable('u', 'a int')} create index u_tenant_id_idx on u (a); create table u_tenant_id_a_key (tenant_id uuid);
      alter table u add constraint u_a_key unique (a);`)
    const names = facts
      .filter((fact) => fact.startsWith('constraint t'))
      .map((fact) => fact.split(' ')[2] ?? '')
    expect(new Set(names).size).toBe(2)
    for (const name of names) expect(name).toMatch(/^a_name_that_.*_[0-9a-f]{8}$/)
    expect(facts.find((fact) => fact.startsWith('constraint u'))).toMatch(
      /u_tenant_id_a_key_[0-9a-f]{8} UNIQUE/,
    )
  })
})

describe('A foreign key across tenants is replaced by one inside the tenant', () => {
  it('that does to the row what the old one did, and nothing to its tenant', async () => {
    const facts = await keysOf(`
      ${tenantTable('p', 'id int primary key, a int, b int, unique (a, b)')}
      ${tenantTable('c', 'id int primary key, p int references p on delete set null on update cascade, parent int references c on delete cascade deferrable initially deferred, a int default 1, b int')}
      alter table c add constraint pair foreign key (a, b) references p (a, b) on delete set default (a)`)
    expect(facts.filter((fact) => fact.includes('FOREIGN KEY'))).toEqual([
      'constraint c c_tenant_id_p_fkey FOREIGN KEY (tenant_id, p) REFERENCES p(tenant_id, id) ON UPDATE CASCADE ON DELETE SET NULL (p) valid t',
      'constraint c c_tenant_id_parent_fkey FOREIGN KEY (tenant_id, parent) REFERENCES c(tenant_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED valid t',
      'constraint c pair_tenant_id FOREIGN KEY (tenant_id, a, b) REFERENCES p(tenant_id, a, b) ON DELETE SET DEFAULT (a) valid t',
    ])
  })

  it('whatever the key is that it refers to, which goes after it', async () => {
    const partitioned = (name: string, key: string) =>
      `create table ${name} (tenant_id uuid not null, id int not null, ${key}) partition by hash (id);
      create table ${name}_0 partition of ${name} for values with (modulus 1, remainder 0);`
    const facts = await keysOf(`
      ${tenantTable('a', 'id int not null, constraint a_id unique (id) include (tenant_id)')}
      ${tenantTable('b', 'id int not null')} create unique index b_id on b (id);
      ${partitioned('c', 'primary key (id)')} ${partitioned('d', 'unique (id)')}
      ${tenantTable('child', 'a int references a (id), b int references b (id), c int references c, d int references d (id)')}`)
    // PostgreSQL 18 lists those to the partitions of a table too.
    expect(facts.filter((fact) => /^constraint child \S+_fkey FOREIGN/.test(fact))).toEqual(
      ['a', 'b', 'c', 'd'].map(
        (name) =>
          `constraint child child_tenant_id_${name}_fkey FOREIGN KEY (tenant_id, ${name}) REFERENCES ${name}(tenant_id, id) valid t`,
      ),
    )
  })

  it('and stops the migration where it was left out', async () => {
    await database.admin.query(`${tenantTable('p', 'id int primary key')}
      ${tenantTable('c', 'id int primary key, p int references p')}`)
    const [moved] = (await database.generate()).filter(({ sql }) => sql.includes('foreign key'))
    const move = /alter table public\.c drop constraint[^;]*;/.exec(moved?.sql ?? '')?.[0] ?? 'nothing'
    await expect(database.admin.query(moved?.sql.replace(move, '') ?? '')).rejects.toMatchObject({
      code: '2BP01',
      detail: expect.stringContaining('constraint c_p_fkey on table c depends on index p_pkey'),
    })
  })

  it('so that what one tenant deletes, no other loses', async () => {
    const [mine, others] = ['aaaaaaaa-0000-4000-8000-00000000000a', 'bbbbbbbb-0000-4000-8000-00000000000b']
    await keysOf(`${tenantTable('p', 'id int primary key')}
      ${tenantTable('c', 'id int primary key, p int references p on delete cascade')}`)
    const { admin } = database
    await admin.query(
      `insert into p values ('${mine}', 1), ('${others}', 1); insert into c values ('${mine}', 1, 1), ('${others}', 1, 1)`,
    )
    const app = await database.connect('app')
    await app.query('begin')
    await app.query("select set_config('app.tenant_id', $1, true)", [mine])
    await app.query('delete from p')
    await app.query('commit')
    expect((await admin.query('select tenant_id from c')).rows).toEqual([{ tenant_id: others }])
  })

  it('unless the other table is shared', async () => {
    await database.admin.query(
      `create table codes (code text primary key); ${tenantTable('t', 'id int primary key, code text references codes')}`,
    )
    await database.apply(await database.generate({ shared: ['public.codes'] }))
    const facts = await schemaFacts(database.admin)
    expect(facts).toContain('constraint t t_code_fkey FOREIGN KEY (code) REFERENCES codes(code) valid t')
  })
})
