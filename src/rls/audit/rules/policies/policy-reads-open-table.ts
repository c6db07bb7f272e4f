import type { Branch } from '../../../expression/branches.ts'
import { mayBeTrue } from '../../../expression/possible.ts'
import { readsTables, walk } from '../../../expression/walk.ts'
import type { AuditRule, Found } from '../../audit-rule.ts'
import { listed, policyNamed } from './judgement/describe.ts'
import { Judgement } from './judgement/judgement.ts'
import { isHeld } from './judgement/passages.ts'
import type { Policy, TenantTable } from './judgement/policy-table.ts'
import { stagesOf } from './judgement/stages.ts'

interface OpenTable {
  readonly read: number
  readonly object: string
  readonly writable: boolean
}

/** Tables without row security behind what policies read, through views; declared ones count where they can be written. */
const openTables = (relations: readonly number[]) => `, behind(read, oid, kind) as (
  select class.oid, class.oid, class.relkind from pg_class as class where class.oid = any ('{${relations.join(',')}}')
  union
  select behind.read, class.oid, class.relkind from behind
  join pg_rewrite as rule on behind.kind = 'v' and rule.ev_class = behind.oid
  join pg_depend as used on used.classid = 'pg_rewrite'::regclass and used.objid = rule.oid and used.refclassid = 'pg_class'::regclass
  join pg_class as class on class.oid = used.refobjid and class.oid <> behind.oid
), open as (
  select behind.read, relation.object, relation.shared, exists (
    select from app_role where has_schema_privilege(app_role.oid, class.relnamespace, 'USAGE')
      and (has_table_privilege(app_role.oid, class.oid, 'INSERT, UPDATE, DELETE')
        or has_any_column_privilege(app_role.oid, class.oid, 'INSERT, UPDATE'))) as writable
  from behind join relation on relation.oid = behind.oid join pg_class as class on class.oid = behind.oid
  where relation.kind in ('r', 'p') and not relation.row_security
)
select distinct read, object, writable from open where not shared or writable order by object`

/** Who is let see a row is decided by another table: whoever can write that one, or see it, is past the policy. */
export const policyReadsOpenTable: AuditRule = {
  id: 'policy-reads-open-table',
  title: 'A policy trusts a table without row security',
  severity: 'warning',
  find: async (subject) => {
    const judgement = await Judgement.of(subject)
    const trusts = judgement.tenantTables.flatMap((table) =>
      [...trustedBy(table, judgement)].map(([policy, relations]) => ({ table, policy, relations })),
    )
    const relations = new Set(trusts.flatMap((trust) => [...trust.relations]))
    if (relations.size === 0) return []
    const open = await subject.rows<OpenTable>(openTables([...relations]))
    return trusts.flatMap(({ table, policy, relations }) => {
      const read = open.filter((one) => relations.has(one.read))
      return read.length > 0 ? [report(table, policy, read)] : []
    })
  },
}

/** The tables that decide, by policy: those that are read where nothing else keeps rows of other tenants out. */
function trustedBy(table: TenantTable, judgement: Judgement): ReadonlyMap<Policy, ReadonlySet<number>> {
  const trusted = new Map<Policy, Set<number>>()
  for (const stage of stagesOf(table)) {
    const floors = stage.restrictive.filter(({ part }) => !readsTables(part.expression))
    if (isHeld(floors, table, judgement)) continue
    for (const { policy, part } of [...stage.permissive, ...stage.restrictive]) {
      const deciding = judgement
        .branches(part.expression)
        .filter((branch) => !isHeldWithoutTables(branch, table, judgement))
      const relations = deciding
        .flat()
        .flatMap((condition) =>
          walk(condition).flatMap(({ expression }) =>
            expression.kind === 'query' ? expression.relations : [],
          ),
        )
      if (relations.length > 0) trusted.set(policy, new Set([...(trusted.get(policy) ?? []), ...relations]))
    }
  }
  return trusted
}

function isHeldWithoutTables(branch: Branch, { tenant }: TenantTable, judgement: Judgement): boolean {
  const rest = branch.filter((condition) => !readsTables(condition))
  return !mayBeTrue(judgement.evaluateBranch(rest, tenant, 'tenant', 'foreign'))
}

function report({ object, tenant }: TenantTable, policy: Policy, read: readonly OpenTable[]): Found {
  const writable = read.filter((one) => one.writable)
  const names = listed([...new Set(read.map((one) => one.object))])
  return {
    object,
    severity: writable.length > 0 ? 'error' : 'warning',
    message:
      writable.length > 0
        ? `The ${policyNamed(policy)} leaves it to ${names} which tenants' rows there are, which has no row security and which the application can write: a row there opens any tenant here.`
        : `The ${policyNamed(policy)} leaves it to ${names} which tenants' rows there are, which has no row security and shows all tenants.`,
    fix: `Compare ${tenant.name} with the tenant's setting, so that tables can only narrow; or turn row security on there.`,
  }
}
