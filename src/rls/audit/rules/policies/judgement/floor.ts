import type { Judgement } from './judgement.ts'
import { isHeld } from './passages.ts'
import type { Policy, TenantTable } from './policy-table.ts'
import { type Stage, stagesOf } from './stages.ts'

/** What keeps the tenant apart whichever permissive policies there are. */
export interface Floor {
  /** Commands without a restrictive policy that holds the tenant and is for everybody. */
  readonly open: readonly Stage[]
  /** Restrictive policies that hold the tenant for the application only. */
  readonly forAppOnly: readonly Policy[]
}

/**
 * Looks for the restrictive policies of a table that hold the tenant.
 *
 * A policy that is for named roles is no floor, as it does not hold for the next role that is granted the table, and as a role could drop
 * itself from it before PostgreSQL 18.7, 17.12, 16.16 and 15.20 (CVE-2026-116311). Where another role is meant to see all tenants, nothing
 * else is possible.
 */
export function floorOf(table: TenantTable, judgement: Judgement): Floor {
  const stages = stagesOf(table)
  const hasExemptRole = table.policies.some((policy) => isExempt(policy, table, judgement))
  const holds = (stage: Stage, isFloor: (policy: Policy) => boolean) =>
    isHeld(
      stage.restrictive.filter(({ policy }) => isFloor(policy)),
      table,
      judgement,
    )
  const open = stages.filter((stage) => !holds(stage, ({ roles }) => hasExemptRole || roles.length === 0))
  const restrictive = new Set(open.flatMap((stage) => stage.restrictive.map(({ policy }) => policy)))
  const forAppOnly = [...restrictive].filter((policy) =>
    open.every((stage) => holds(stage, (one) => one === policy)),
  )
  return { open, forAppOnly }
}

/** Whether a policy lets a role that is not the application's see other tenants. */
function isExempt(
  { permissive, reachesApp, using }: Policy,
  table: TenantTable,
  judgement: Judgement,
): boolean {
  if (!permissive || reachesApp || !using) return false
  const answer = judgement.evaluate(using.expression, table.tenant, 'tenant', 'foreign')
  return answer === undefined || answer.has('t')
}
