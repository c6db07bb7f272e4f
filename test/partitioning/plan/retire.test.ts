import { describe, expect, it } from 'vitest'
import { at, detached, leaf, ledgerRow, RECEIPT, relation, SET } from '../check/sound-catalog.ts'
import { idsOf, months, planOf, reasonsOf, stepOf } from './support/plan-of.ts'

const retired = (plan: ReturnType<typeof planOf>) =>
  plan.steps
    .filter(({ id }) => id.startsWith('retire/') && id.endsWith('/detach'))
    .map(({ partition }) => partition)
/** Months from 2025-06 on, of which twelve before November 2026 are kept. */
const old = () => months('2025-08', '2027-02')
const [LOW, HIGH] = [at('2025-08-01'), at('2025-09-01')]

describe('Retiring', () => {
  it('takes the oldest month that is older than what is kept, one in a run, in one chain', () => {
    const plan = planOf({ leaves: old })
    expect(idsOf(plan)).toEqual([
      'retire/2025-08/gate',
      'retire/2025-08/mark',
      'retire/2025-08/detach',
      'retire/2025-08/secure',
      'archive/2025-08/archive',
      'analyze/audit_log/analyze',
    ])
    const chains = plan.steps.slice(0, -1).map(({ chain }) => chain)
    expect(new Set(chains)).toEqual(new Set(['retire/public.audit_log']))
  })

  it('takes as many as may be at once, and leaves as many as must be', () => {
    expect(retired(planOf({ leaves: old, definition: { maxRetirePerRun: 2 } }))).toEqual([
      'audit_log_2025_08',
      'audit_log_2025_09',
    ])
    expect(retired(planOf({ leaves: old, definition: { maxRetirePerRun: 9 } }))).toHaveLength(3)
    expect(retired(planOf({ leaves: old, definition: { maxRetirePerRun: 9, minLeaves: 16 } }))).toHaveLength(
      2,
    )
    expect(retired(planOf({ leaves: old, definition: { minLeaves: 18 } }))).toEqual([])
  })

  it('keeps whole months, and everything where nothing says how long', () => {
    const kept = (day: string) =>
      retired(planOf({ leaves: () => months('2025-11', '2027-03'), catalog: { nowUs: at(day) } }))
    expect(kept('2026-11-30')).toEqual([])
    expect(kept('2026-12-01')).toEqual(['audit_log_2025_11'])
    expect(idsOf(planOf({ leaves: old, definition: { retainMonths: undefined } }))).toEqual([])
  })

  it('passes over what is held', () => {
    const leaves = old()
    const held = leaves[0] ?? leaf('2025-08-01', '2025-09-01')
    const ledger = [
      ledgerRow(held.oid, {
        partition: held.name,
        lowUs: LOW,
        highUs: HIGH,
        state: 'attached',
        hold: 'case 7',
      }),
    ]
    expect(retired(planOf({ leaves: () => leaves, ledger }))).toEqual(['audit_log_2025_09'])
  })

  it('refuses what is old by its bounds and not by its name', () => {
    const change = {
      leaves: () => [
        leaf('2025-08-01', '2025-09-01', { name: 'audit_log_2026_08' }),
        ...months('2025-09', '2027-02'),
      ],
    }
    expect(reasonsOf(planOf(change))).toEqual(['name-disagrees'])
    expect(retired(planOf(change))).toEqual(['audit_log_2025_09'])
    const abroad = leaf('2025-08-01', '2025-09-01', { lowUs: LOW + 18_000_000_000n })
    expect(reasonsOf(planOf({ leaves: () => [abroad, ...months('2025-09', '2027-02')] }))).toEqual([
      'name-disagrees',
    ])
  })

  it('takes what a conversion and a rescue have left, of more months than one', () => {
    const legacy = leaf('2025-01-01', '2025-10-01', { name: 'audit_log_legacy', lowUs: undefined })
    expect(retired(planOf({ leaves: () => [legacy, ...months('2025-10', '2027-02')] }))).toEqual([
      'audit_log_legacy',
    ])
    const rescued = leaf('2025-08-01', '2025-10-01')
    expect(retired(planOf({ leaves: () => [rescued, ...months('2025-10', '2027-02')] }))).toEqual([
      'audit_log_2025_08',
    ])
    const reaching = leaf('2025-08-01', '2025-12-01')
    expect(retired(planOf({ leaves: () => [reaching, ...months('2025-12', '2027-02')] }))).toEqual([])
  })

  it('waits for a detach that is pending, which it ends first', () => {
    const [first, ...rest] = old()
    const pending = { ...(first ?? leaf('2025-08-01', '2025-09-01')), detachPending: true }
    const ledger = [
      ledgerRow(pending.oid, { partition: pending.name, lowUs: LOW, highUs: HIGH, state: 'retiring' }),
    ]
    const plan = planOf({ leaves: () => [pending, ...rest], ledger })
    expect(idsOf(plan)).toEqual([
      'reconcile/2025-08/finalize',
      'reconcile/2025-08/secure',
      'archive/2025-08/archive',
      'analyze/audit_log/analyze',
    ])
    expect(stepOf(plan, '/finalize').statements).toEqual([
      'alter table "public"."audit_log" detach partition "public_parts"."audit_log_2025_08" finalize;',
    ])
    expect(new Set(plan.steps.slice(0, -1).map(({ chain }) => chain)).size).toBe(1)
  })

  it('is refused while there is a DEFAULT partition, or a foreign key into the table', () => {
    const rest = leaf('2025-01-01', '2025-02-01', {
      name: 'rest',
      isDefault: true,
      isEmpty: true,
      lowUs: undefined,
      highUs: undefined,
    })
    const withDefault = planOf({ leaves: () => [...old(), rest] })
    expect([reasonsOf(withDefault), retired(withDefault)]).toEqual([['default-partition'], []])
    const referencedBy = [{ name: 'k', table: 'public.notes', inherited: false }]
    const referred = planOf({ leaves: old, parent: { referencedBy } })
    expect([reasonsOf(referred), retired(referred)]).toEqual([['foreign-key-into'], []])
    expect(referred.refusals[0]?.message).toContain('public.notes (k)')
    const [first = leaf('2025-08-01', '2025-09-01'), ...others] = old()
    const direct = planOf({ leaves: () => [{ ...first, referencedBy }, ...others] })
    expect([reasonsOf(direct), retired(direct)]).toEqual([['foreign-key-into'], ['audit_log_2025_09']])
  })

  it('is refused where the name is taken among the detached', () => {
    const away = detached('audit_log_2025_08')
    const ledger = [ledgerRow(away.oid, { state: 'archived', ...RECEIPT, dropAfterUs: at('2030-01-01') })]
    const plan = planOf({ leaves: old, loose: [away], ledger })
    expect([reasonsOf(plan), retired(plan)]).toEqual([['name-taken'], ['audit_log_2025_09']])
  })

  it('detaches in one statement of its own, and says what it locks', () => {
    const foreignKeys = [{ name: 'k"', table: 'public.tenants', inherited: true }]
    const plan = planOf({
      leaves: () => old().map((each) => ({ ...each, foreignKeys })),
      parent: { foreignKeys },
    })
    expect(stepOf(plan, '/detach')).toMatchObject({
      kind: 'statement',
      statements: [
        'alter table "public"."audit_log" detach partition "public_parts"."audit_log_2025_08" concurrently;',
      ],
      locks: [
        { table: 'public.audit_log', mode: 'SHARE UPDATE EXCLUSIVE' },
        { table: 'public_parts.audit_log_2025_08', mode: 'ACCESS EXCLUSIVE' },
        { table: 'public.tenants', mode: 'SHARE ROW EXCLUSIVE' },
      ],
      lockTimeoutMs: 1_000,
    })
    expect(stepOf(planOf({ leaves: old }), '/detach').lockTimeoutMs).toBe(30_000)
    expect(stepOf(plan, '/foreign-key/k"')).toMatchObject({
      statements: ['alter table "public_detached"."audit_log_2025_08" drop constraint if exists "k""";'],
      locks: [
        { table: 'public_detached.audit_log_2025_08', mode: 'ACCESS EXCLUSIVE' },
        { table: 'public.tenants', mode: 'ACCESS EXCLUSIVE' },
      ],
      lockTimeoutMs: 50,
    })
  })

  it('puts the table away closed, and notes when it may be dropped', () => {
    const [first = leaf('2025-08-01', '2025-09-01'), ...others] = old()
    const statements = stepOf(
      planOf({ leaves: () => [{ ...first, grantees: ['app'] }, ...others] }),
      'retire/public.audit_log/2025-08/secure',
    ).statements
    const ident = '"public_parts"."audit_log_2025_08"'
    expect(statements.slice(1)).toEqual([
      `alter table ${ident} enable row level security;`,
      `alter table ${ident} force row level security;`,
      `revoke all on table ${ident} from public cascade;`,
      `revoke all on table ${ident} from "app" cascade;`,
      `alter table ${ident} set schema "public_detached";`,
      expect.stringMatching(
        /^comment on table "public_detached"\."audit_log_2025_08" is 'leasehold: detached from public\.audit_log; dropped 14 days later/,
      ),
      expect.stringMatching(
        /'detached', pg_catalog\.now\(\), pg_catalog\.now\(\) \+ pg_catalog\.make_interval\(days => 14\)\)/,
      ),
    ])
    expect(statements[0]).toContain(
      `not exists (select from pg_catalog.pg_inherits where inhrelid = ${first.oid})`,
    )
  })

  it('tells the gate and the archive where the partition is', () => {
    const plan = planOf({ leaves: old })
    const { oid, schema } = stepOf(plan, '/gate').relation ?? {}
    expect([oid, schema]).toEqual([expect.any(Number), 'public_parts'])
    expect(stepOf(plan, '/archive').relation).toEqual({
      oid,
      schema: SET.detachedSchema,
      name: 'audit_log_2025_08',
      lowUs: LOW,
      highUs: HIGH,
      key: 'at',
    })
  })
})

describe('What is detached', () => {
  const away = detached('audit_log_2025_08')
  const row = { lowUs: LOW, highUs: HIGH, dropAfterUs: at('2026-11-01') }
  const planned = (change: object, definition = {}, table = away) =>
    idsOf(planOf({ loose: [table], ledger: [ledgerRow(away.oid, { ...row, ...change })], definition }))

  it('is archived, if the configuration says where', () => {
    expect(planned({ state: 'detached' })).toEqual(['archive/2025-08/archive'])
    expect(planned({ state: 'detached' }, { archive: undefined })).toEqual([])
  })

  it('is dropped once it is archived, its days are over, and nothing holds it', () => {
    const archived = { state: 'archived', ...RECEIPT }
    expect(planned(archived)).toEqual(['drop/2025-08/drop'])
    expect(planned({ ...archived, dropAfterUs: at('2026-11-10') + 1n })).toEqual([])
    expect(planned({ ...archived, dropAfterUs: at('2026-11-10') })).toEqual(['drop/2025-08/drop'])
    expect(planned({ ...archived, dropAfterUs: undefined })).toEqual([])
    expect(planned({ ...archived, hold: 'case 7' })).toEqual([])
    for (const missing of ['archiveUri', 'rows', 'sha256'])
      expect(planned({ ...archived, [missing]: undefined })).toEqual([])
    expect(planned(archived, { archive: undefined })).toEqual([])
    expect(planned(archived, {}, { ...away, schema: 'public_parts' })).not.toContain('drop/2025-08/drop')
  })

  it('loses its foreign keys before it is dropped, and is not dropped while it is referred to', () => {
    const archived = { state: 'archived', ...RECEIPT }
    const key = { name: 'k', table: 'public.tenants', inherited: false }
    expect(planned(archived, {}, { ...away, foreignKeys: [key] })).toEqual([
      'reconcile/2025-08/foreign-key/k',
    ])
    const referred = planOf({
      loose: [{ ...away, referencedBy: [key] }],
      ledger: [ledgerRow(away.oid, { ...row, state: 'archived', ...RECEIPT })],
    })
    expect([idsOf(referred), reasonsOf(referred)]).toEqual([[], ['foreign-key-into']])
  })

  it('is asked again, by its oid, in the transaction of the drop', () => {
    const plan = planOf({
      loose: [away],
      ledger: [ledgerRow(away.oid, { ...row, state: 'archived', ...RECEIPT })],
    })
    const [guard, drop, note] = stepOf(plan, '/drop').statements
    for (const part of [
      `class.oid = ${away.oid}`,
      `inhrelid = ${away.oid}`,
      'hold is null',
      'drop_after <= pg_catalog.now()',
      'for update',
    ]) {
      expect(guard).toContain(part)
    }
    expect(drop).toBe('drop table "public_detached"."audit_log_2025_08";')
    expect(note).toContain("set state = 'dropped'")
  })
})

describe('Reconciling', () => {
  it('puts away what was detached by hand; what is kept is dropped only when a person says so', () => {
    const stray = { ...relation('audit_log_2026_10'), checks: [], isEmpty: false }
    const leaves = () => months('2026-09', '2027-02').filter(({ name }) => name !== stray.name)
    const plan = planOf({ leaves, loose: [stray] })
    expect(idsOf(plan)).toEqual(['reconcile/2026-10/secure', 'archive/2026-10/archive'])
    expect(reasonsOf(plan)).toEqual(['month-detached'])
    expect(stepOf(plan, '/secure').statements.at(-1)).toContain(`'detached', pg_catalog.now(), null)`)
    const older = planOf({ loose: [{ ...stray, name: 'audit_log_2025_08' }] })
    expect(stepOf(older, '/secure').statements.at(-1)).toContain('make_interval(days => 14)')
    const own = planOf({
      leaves,
      loose: [stray],
      ledger: [
        ledgerRow(stray.oid, {
          partition: stray.name,
          state: 'retiring',
          lowUs: at('2026-10-01'),
          highUs: at('2026-11-01'),
        }),
      ],
    })
    expect(stepOf(own, '/secure').statements.at(-1)).toContain('make_interval(days => 14)')
  })

  it('takes a table of which the ledger knows nothing into it, and never drops it in the same run', () => {
    const unknown = detached('audit_log_2025_08')
    expect(idsOf(planOf({ loose: [unknown] }))).toEqual([
      'reconcile/2025-08/secure',
      'archive/2025-08/archive',
    ])
    // An oid that is given again: what the ledger says of it is said of another table.
    const again = planOf({
      loose: [unknown],
      ledger: [ledgerRow(unknown.oid, { state: 'dropped', ...RECEIPT })],
    })
    expect(idsOf(again)).toEqual(['reconcile/2025-08/secure', 'archive/2025-08/archive'])
    expect(stepOf(again, '/secure').statements.at(-1)).toContain('archive_uri = null')
    const kept = detached('audit_log_2026_10')
    const spoken = planOf({
      loose: [kept],
      ledger: [ledgerRow(kept.oid, { state: 'dropped', lowUs: LOW, highUs: HIGH })],
    })
    expect(stepOf(spoken, '/secure').statements.at(-1)).toContain("'detached', pg_catalog.now(), null)")
  })

  it('leaves tables of other schemas alone', () => {
    const elsewhere = { ...detached('audit_log_2025_08'), schema: 'public', rowSecurity: false }
    expect(idsOf(planOf({ loose: [elsewhere] }))).toEqual([])
  })

  it('closes what can be reached by its own name', () => {
    const [first, ...rest] = months('2026-09', '2027-02')
    const open = {
      ...(first ?? leaf('2026-09-01', '2026-10-01')),
      forceRowSecurity: false,
      grantees: ['app'],
    }
    const step = stepOf(
      planOf({ leaves: () => [open, ...rest] }),
      'reconcile/public.audit_log/2026-09/harden',
    )
    expect(step.statements).toEqual([
      'alter table "public_parts"."audit_log_2026_09" force row level security;',
      'revoke all on table "public_parts"."audit_log_2026_09" from "app" cascade;',
    ])
    expect(step.locks).toEqual([{ table: 'public_parts.audit_log_2026_09', mode: 'ACCESS EXCLUSIVE' }])
    const granted = (serverVersion: number) =>
      stepOf(
        planOf({ leaves: () => [{ ...open, forceRowSecurity: true }, ...rest], catalog: { serverVersion } }),
        '/harden',
      ).locks
    expect(granted(150_018)).toEqual([])
    expect(granted(180_004)).toEqual([{ table: 'public_parts.audit_log_2026_09', mode: 'ACCESS SHARE' }])
  })

  it('notes what is attached and what the ledger knows otherwise', () => {
    const leaves = months('2026-09', '2027-02')
    const [first = leaf('2026-09-01', '2026-10-01')] = leaves
    const plan = planOf({
      leaves: () => leaves,
      ledger: [ledgerRow(first.oid, { partition: first.name, state: 'detached' })],
    })
    expect(idsOf(plan)).toEqual(['reconcile/audit_log/note'])
    expect(plan.steps[0]?.statements[0]).toContain(`('public.audit_log', 'audit_log_2026_09', ${first.oid}, `)
  })
})
