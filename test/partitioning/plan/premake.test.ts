import { describe, expect, it } from 'vitest'
import { at, detached, leaf, ledgerRow, relation, SET } from '../check/sound-catalog.ts'
import { idsOf, months, planOf, reasonsOf, stepOf } from './support/plan-of.ts'

const attached = (...names: readonly string[]) =>
  names.flatMap((month) => [`premake/${month}/stage`, `premake/${month}/attach`])
const premakes = (plan: ReturnType<typeof planOf>) => idsOf(plan).filter((id) => id.startsWith('premake/'))
const ALL_MONTHS = ['2026-11', '2026-12', '2027-01']

describe('Premaking', () => {
  it('plans nothing where all months ahead are there', () => {
    expect(planOf()).toEqual({ steps: [], refusals: [] })
  })

  it('plans nothing on a replica', () => {
    expect(planOf({ leaves: () => [], catalog: { inRecovery: true } })).toEqual({ steps: [], refusals: [] })
  })

  it('begins a table without partitions with the month of the clock', () => {
    expect(premakes(planOf({ leaves: () => [] }))).toEqual(attached(...ALL_MONTHS))
  })

  it('goes by the clock, in UTC, to the microsecond', () => {
    const lastOfNovember = planOf({ catalog: { nowUs: at('2026-12-01') - 1n } })
    const firstOfDecember = planOf({ catalog: { nowUs: at('2026-12-01') } })
    expect(premakes(lastOfNovember)).toEqual([])
    expect(premakes(firstOfDecember)).toEqual(attached('2027-02'))
  })

  it('makes what is missing after a long time, the next month first', () => {
    const plan = planOf({ catalog: { nowUs: at('2027-04-20') } })
    expect(premakes(plan)).toEqual(attached('2027-04', '2027-05', '2027-06', '2027-02', '2027-03'))
    const chains = new Set(plan.steps.filter(({ phase }) => phase === 'premake').map(({ chain }) => chain))
    expect(chains.size).toBe(5)
  })

  it('fills holes of what is kept, and of nothing older', () => {
    const holed = planOf({
      leaves: () => [
        ...months('2025-06', '2025-08'),
        ...months('2025-10', '2026-03'),
        ...months('2026-04', '2027-02'),
      ],
    })
    expect(premakes(holed)).toEqual(attached('2026-03'))
    const kept = planOf({ leaves: () => [leaf('2024-01-01', '2024-02-01'), ...months('2026-01', '2027-02')] })
    expect(premakes(kept)).toEqual(attached('2025-11', '2025-12'))
  })

  it('leaves a month alone whose rows are kept apart', () => {
    const row = { partition: 'audit_log_2026_10', lowUs: at('2026-10-01'), highUs: at('2026-11-01') }
    const leaves = () => months('2026-09', '2027-02').filter(({ name }) => name !== 'audit_log_2026_10')
    const away = detached('audit_log_2026_10')
    for (const state of ['detached', 'archived', 'dropped'] as const) {
      const plan = planOf({
        leaves,
        loose: state === 'dropped' ? [] : [away],
        ledger: [ledgerRow(away.oid, { ...row, state, dropAfterUs: undefined })],
      })
      expect(premakes(plan)).toEqual([])
      expect(reasonsOf(plan)).toEqual(['month-detached'])
    }
    expect(premakes(planOf({ leaves }))).toEqual(attached('2026-10'))
  })

  it('takes in the rows of a month to come although the partition that it had was detached', () => {
    const away = detached('audit_log_2026_12')
    const row = {
      partition: away.name,
      lowUs: at('2026-12-01'),
      highUs: at('2027-01-01'),
      dropAfterUs: undefined,
    }
    const plan = planOf({
      leaves: (all) => all.filter(({ name }) => name !== away.name),
      loose: [away],
      ledger: [ledgerRow(away.oid, row)],
    })
    expect(premakes(plan)).toEqual(attached('2026-12'))
  })

  it('takes a partition that reaches further for the months in it', () => {
    const legacy = leaf('2020-01-01', '2026-10-01', { name: 'audit_log_legacy', lowUs: undefined })
    expect(premakes(planOf({ leaves: () => [legacy, ...months('2026-10', '2027-01')] }))).toEqual(
      attached('2027-01'),
    )
    const endless = leaf('2026-10-01', '2026-11-01', { highUs: undefined })
    expect(premakes(planOf({ leaves: () => [endless] }))).toEqual([])
    const weeks = [
      leaf('2026-11-01', '2026-11-11'),
      leaf('2026-11-11', '2026-12-01'),
      ...months('2026-12', '2027-02'),
    ]
    expect(premakes(planOf({ leaves: () => weeks }))).toEqual([])
  })

  it('refuses a month that a partition of other bounds lies in, and makes the others', () => {
    const abroad = leaf('2026-11-01', '2026-12-01', { lowUs: at('2026-11-01') + 18_000_000_000n })
    const plan = planOf({
      leaves: () => [...months('2026-09', '2026-11'), abroad, ...months('2026-12', '2027-01')],
    })
    expect(reasonsOf(plan)).toEqual(['overlap'])
    expect(plan.refusals[0]?.message).toContain('public_parts.audit_log_2026_11 holds a part of 2026-11')
    expect(premakes(plan)).toEqual(attached('2027-01'))
  })

  it('refuses to fill more holes than anybody can have meant', () => {
    const plan = planOf({
      definition: { retainMonths: undefined },
      leaves: (all) => [leaf('1970-01-01', '1970-02-01'), ...all],
    })
    expect(reasonsOf(plan)).toEqual(['too-many-holes'])
    expect(premakes(plan)).toEqual([])
  })

  it('refuses a name that a partition of another time bears', () => {
    const misnamed = leaf('2026-09-01', '2026-10-01', { name: 'audit_log_2027_01' })
    const plan = planOf({ leaves: () => [misnamed, ...months('2026-10', '2027-01')] })
    expect(reasonsOf(plan)).toEqual(['name-taken'])
    expect(premakes(plan)).toEqual([])
  })

  it('makes a table anew that was staged and is empty; one with rows it leaves to a person', () => {
    const staged = { ...relation('audit_log_2027_01'), checks: [] }
    const ledger = [
      ledgerRow(staged.oid, {
        partition: staged.name,
        state: 'staged',
        lowUs: at('2027-01-01'),
        highUs: at('2027-02-01'),
      }),
    ]
    const leaves = () => months('2026-09', '2027-01')
    const empty = planOf({ leaves, ledger, loose: [{ ...staged, isEmpty: true }] })
    expect(premakes(empty)).toEqual(attached('2027-01'))
    const [first, second, third, fourth] = stepOf(empty, '/stage').statements
    expect(first).toBe('alter table "public_parts"."audit_log_2027_01" no force row level security;')
    expect(second).toContain('not exists (select from "public_parts"."audit_log_2027_01")')
    expect(third).toBe('drop table "public_parts"."audit_log_2027_01";')
    expect(fourth).toContain(
      `delete from leasehold.partition_ledger where "table" = 'public.audit_log' and oid = ${staged.oid}`,
    )
    const filled = planOf({ leaves, ledger, loose: [{ ...staged, isEmpty: false }] })
    expect([premakes(filled), reasonsOf(filled)]).toEqual([[], ['staged-not-empty']])
    const unknown = planOf({ leaves, ledger, loose: [{ ...staged, isEmpty: undefined }] })
    expect(reasonsOf(unknown)).toEqual(['staged-not-empty'])
  })

  it('attaches past an empty DEFAULT partition only, with its lock', () => {
    const rest = leaf('2026-01-01', '2026-02-01', {
      name: 'rest',
      isDefault: true,
      lowUs: undefined,
      highUs: undefined,
    })
    const leaves = () => months('2026-09', '2027-01')
    for (const isEmpty of [false, undefined]) {
      const plan = planOf({ leaves: () => [...leaves(), { ...rest, isEmpty }] })
      expect([premakes(plan), reasonsOf(plan)]).toEqual([[], ['default-partition']])
      expect(plan.refusals[0]?.fix).toContain('leasehold partitions adopt audit_log')
    }
    const step = stepOf(planOf({ leaves: () => [...leaves(), { ...rest, isEmpty: true }] }), '/attach')
    expect(step.statements[0]).toBe('lock table "public_parts"."rest" in access exclusive mode;')
    expect(step.statements[1]).toContain(`pg_relation_size(${rest.oid}) = 0`)
    expect(step.locks).toContainEqual({ table: 'public_parts.rest', mode: 'ACCESS EXCLUSIVE' })
  })

  it('says which tables the foreign keys have it lock, and waits for them shortly', () => {
    const key = { name: 'k', table: 'public.tenants', inherited: false }
    const step = stepOf(
      planOf({ leaves: () => [], parent: { foreignKeys: [key, { ...key, name: 'l' }] } }),
      '2026-11/attach',
    )
    expect(step.locks.filter(({ table }) => table === 'public.tenants')).toEqual([
      { table: 'public.tenants', mode: 'SHARE ROW EXCLUSIVE' },
    ])
    expect(step.lockTimeoutMs).toBe(50)
    expect(stepOf(planOf({ leaves: () => [] }), '2026-11/attach').lockTimeoutMs).toBe(100)
  })

  it('closes a table before it can be reached', () => {
    const plan = planOf({
      leaves: () => [],
      parent: { grantees: ['app', 'o"dd', ''] },
      catalog: {
        defaultPrivileges: [{ maker: 'job', schema: undefined, grantee: 'report', privileges: ['SELECT'] }],
      },
    })
    const ident = '"public_parts"."audit_log_2026_11"'
    expect(stepOf(plan, '2026-11/stage').statements).toEqual([
      `create table ${ident} (like "public"."audit_log" including all excluding identity);`,
      `alter table ${ident} owner to "owner";`,
      `alter table ${ident} enable row level security;`,
      `alter table ${ident} force row level security;`,
      `revoke all on table ${ident} from public, "app", "o""dd", "report" cascade;`,
      `alter table ${ident} add constraint "audit_log_2026_11_bound" check ("at" is not null and "at" >= '2026-11-01 00:00:00+00'::timestamp with time zone and "at" < '2026-12-01 00:00:00+00'::timestamp with time zone);`,
      expect.stringContaining(
        `values ('public.audit_log', 'audit_log_2026_11', '${ident}'::pg_catalog.regclass, 1793491200000000, 1796083200000000, 'staged')`,
      ),
    ])
    expect(stepOf(plan, '2026-11/attach').statements).toEqual([
      `alter table "public"."audit_log" attach partition ${ident} for values from ('2026-11-01 00:00:00+00') to ('2026-12-01 00:00:00+00');`,
      `alter table ${ident} drop constraint "audit_log_2026_11_bound";`,
      expect.stringContaining(`'attached'`),
    ])
  })

  it('gives each month the replica identity of its parent', () => {
    const statements = (replicaIdentity: 'd' | 'n' | 'f' | 'i') =>
      stepOf(planOf({ leaves: () => [], parent: { replicaIdentity } }), '2026-11/attach').statements.join(
        '\n',
      )
    expect(statements('d')).not.toContain('replica identity')
    expect(statements('f')).toContain('"audit_log_2026_11" replica identity full;')
    expect(statements('n')).toContain('"audit_log_2026_11" replica identity nothing;')
    expect(statements('i')).toContain('replica identity using index')
  })

  it('prepares the schemas and the ledger once, and closes schemas that were opened', () => {
    const plan = planOf({
      leaves: () => [],
      catalog: { prepared: { partsSchema: false, detachedSchema: false, ledger: false } },
    })
    expect(idsOf(plan).slice(0, 3)).toEqual([
      'prepare/public_parts/schema',
      'prepare/public_detached/schema',
      'prepare/leasehold.partition_ledger/ledger',
    ])
    expect(plan.steps[0]?.statements).toEqual(['create schema "public_parts" authorization "owner";'])
    const schemas = [{ name: SET.partsSchema, owner: 'owner', grantees: ['app', ''], appUsage: true }]
    expect(stepOf(planOf({ catalog: { schemas } }), 'prepare/public_parts/revoke').statements).toEqual([
      'revoke all on schema "public_parts" from "app" cascade;',
      'revoke all on schema "public_parts" from public cascade;',
    ])
  })
})
