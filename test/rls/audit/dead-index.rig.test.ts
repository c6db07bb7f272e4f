import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { indexDeadUnderRls } from '../../../src/rls/audit/rules/keys/index-dead-under-rls.ts'
import { runAudit } from '../../../src/rls/audit/run-audit.ts'
import type { Finding } from '../../../src/rls/finding.ts'
import { TENANT_A } from '../../support/notes.ts'
import { openTarget, type Target } from '../../support/target.ts'

/** 100 tenants of 500 rows; each row can be found by each of its columns. */
const FIXTURE = `
create extension btree_gin;
create extension pg_trgm;
create unlogged table visits (
  tenant_id uuid not null, number bigint not null, room uuid not null, name text not null, amount numeric not null,
  during int8range not null, tags jsonb not null, words tsvector not null
);
insert into visits
select ('aaaaaaaa-0000-4000-8000-' || lpad(to_hex(10 + g % 100), 12, '0'))::uuid, g, md5(g::text)::uuid, 'name ' || g, g,
  int8range(g, g + 1), jsonb_build_object('n', g), array_to_tsvector(array['w' || g])
from generate_series(1, 50000) as g;
analyze visits;
alter table visits enable row level security;
alter table visits force row level security;
create policy tenant on visits to app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy tenant_floor on visits as restrictive to public
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select on visits to app;
`

interface Kind {
  readonly name: string
  readonly on: string
  readonly where: string
}

const KINDS: readonly Kind[] = [
  { name: 'GIN over a tsvector', on: 'using gin (words)', where: `words @@ 'w5'` },
  { name: 'GIN over jsonb', on: 'using gin (tags)', where: `tags @> '{"n": 5}'` },
  { name: 'GIN over jsonb paths', on: 'using gin (tags jsonb_path_ops)', where: `tags @> '{"n": 5}'` },
  { name: 'GIN over trigrams', on: 'using gin (name gin_trgm_ops)', where: `name like '%me 49999%'` },
  { name: 'GiST over ranges', on: 'using gist (during)', where: 'during && int8range(5, 6)' },
  { name: 'BRIN over numeric', on: 'using brin (amount)', where: 'amount = 5' },
  { name: 'btree over numeric', on: '(amount)', where: 'amount = 5' },
  { name: 'btree for prefixes', on: '(name text_pattern_ops)', where: `name like 'name 4999%'` },
  { name: 'btree over an expression', on: '(lower(name))', where: `lower(name) = 'name 5'` },
  { name: 'btree over bigint', on: '(number)', where: 'number = 5' },
  { name: 'btree over text', on: '(name)', where: `name = 'name 5'` },
  { name: 'btree over uuid', on: '(room)', where: `room = md5('5')::uuid` },
  { name: 'hash over text', on: 'using hash (name)', where: `name = 'name 5'` },
  { name: 'BRIN over bigint', on: 'using brin (number)', where: 'number = 5' },
  { name: 'btree over tenant and numeric', on: '(tenant_id, amount)', where: 'amount = 5' },
  {
    name: 'btree over tenant and expression',
    on: '(tenant_id, lower(name))',
    where: `lower(name) = 'name 5'`,
  },
  { name: 'GIN over jsonb and tenant', on: 'using gin (tags, tenant_id)', where: `tags @> '{"n": 5}'` },
]

let target: Target
let app: pg.Client
let admin: pg.PoolClient

beforeAll(async () => {
  target = await openTarget('direct', { poolSize: 2, template: 'empty' })
  admin = await target.admin.connect()
  await admin.query(FIXTURE)
  app = await target.connect()
  await app.query("select set_config('app.tenant_id', $1, false)", [TENANT_A])
  // What remains is what the planner cannot do otherwise, whatever it thinks of the costs.
  for (const client of [app, admin]) await client.query('set enable_seqscan = off')
})
afterAll(async () => {
  admin.release()
  await target.close()
})

/** Does something while the table has this index and no other. */
async function withIndex<T>(on: string, use: () => Promise<T>): Promise<T> {
  await admin.query(`create index probe on visits ${on}`)
  try {
    return await use()
  } finally {
    await admin.query('drop index probe')
  }
}

async function plan(client: pg.ClientBase, where: string): Promise<string> {
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(
    `explain (costs off) select * from visits where ${where}`,
  )
  return rows.map((row) => row['QUERY PLAN']).join('\n')
}

const usesIndex = (text: string) => /\bprobe\b/.test(text)
const indexConditions = (text: string) => /Index Cond: (.*)/.exec(text)?.[1] ?? ''

async function audit(): Promise<readonly Finding[]> {
  await admin.query('begin read only')
  try {
    return await runAudit(
      admin,
      {
        appRole: 'app',
        tenantColumn: 'tenant_id',
        tenantColumns: {},
        tenantSetting: 'app.tenant_id',
        settings: [],
        shared: [],
        backupRoles: [],
        sources: [],
      },
      [indexDeadUnderRls],
    )
  } finally {
    await admin.query('rollback')
  }
}

describe('the rule about dead indexes', () => {
  const verdicts: boolean[] = []

  it.each(KINDS)('says of $name what the planner does', async ({ on, where }) => {
    await withIndex(on, async () => {
      const found = await audit()
      expect(usesIndex(await plan(admin, where)), 'without row security the index serves').toBe(true)
      const plans = await plan(app, where)
      expect(found.length === 0, `${plans}\n${found[0]?.message}`).toBe(usesIndex(plans))
      verdicts.push(found.length > 0)
    })
  })

  it('has seen both kinds of indexes', () => {
    expect(new Set(verdicts)).toEqual(new Set([true, false]))
  })
})

describe('what the rule advises', () => {
  it('finds a prefix by the tenant and by operators that are leakproof', async () => {
    await withIndex('(tenant_id, name text_pattern_ops)', async () => {
      const conditions = indexConditions(await plan(app, `name ~>=~ 'name 5' and name ~<~ 'name 6'`))
      expect(conditions).toContain('tenant_id = ')
      expect(conditions).toContain('name ~>=~ ')
      expect(indexConditions(await plan(app, `name like 'name 5%'`))).not.toContain('name')
    })
  })

  it('is right that an index over tenant and words narrows by the tenant alone', async () => {
    await withIndex('using gin (tenant_id, words)', async () => {
      expect(indexConditions(await plan(admin, `words @@ 'w5'`))).toContain('words @@ ')
      const conditions = indexConditions(await plan(app, `words @@ 'w5'`))
      expect(conditions).toContain('tenant_id = ')
      expect(conditions).not.toContain('words')
    })
  })
})
