import type { Branch } from '../../../../expression/branches.ts'
import { isAlways, mayBeTrue } from '../../../../expression/possible.ts'
import { readsColumn } from '../../../../expression/walk.ts'
import { NO_TENANT } from './contexts.ts'
import type { Judgement } from './judgement.ts'
import type { Policy, PolicyPart, TenantTable } from './policy-table.ts'
import { type Stage, stagesOf } from './stages.ts'

/**
 * Why a row of another tenant may pass:
 * - `always`: nothing is asked, or what is asked was tried and let the row through
 * - `magic`: the tenant's setting has some value that is no tenant
 * - `setting`: another setting is asked, and not the row's tenant
 * - `other-setting`: the row's tenant is compared with another setting
 * - `columns`: other columns or tables are asked, and not the row's tenant
 * - `unclear`: the row's tenant is asked in a way of which it is not sure that it keeps others out
 */
export type PassageKind = 'always' | 'magic' | 'setting' | 'other-setting' | 'columns' | 'unclear'

/** A way in which a row of another tenant may pass a table's policies while a tenant is set. */
export interface Passage {
  readonly policy: Policy
  readonly part: PolicyPart
  readonly branch: Branch
  readonly kind: PassageKind
  /** The commands that it is open to, each once. */
  readonly stages: readonly Stage[]
}

const known = new WeakMap<TenantTable, readonly Passage[]>()

/** All passages of a table. Where a restrictive policy holds the tenant there are none, whatever the permissive ones say. */
export function passagesOf(table: TenantTable, judgement: Judgement): readonly Passage[] {
  const passages = known.get(table) ?? findPassages(table, judgement)
  known.set(table, passages)
  return passages
}

function findPassages(table: TenantTable, judgement: Judgement): readonly Passage[] {
  const passages = new Map<PolicyPart, readonly Omit<Passage, 'policy' | 'stages'>[]>()
  const stages = new Map<PolicyPart, { policy: Policy; stages: Stage[] }>()
  const through = (part: PolicyPart) => {
    const known = passages.get(part) ?? throughPart(part, table, judgement)
    passages.set(part, known)
    return known
  }
  for (const stage of stagesOf(table).filter(({ restrictive }) => !isHeld(restrictive, table, judgement))) {
    const passed = stage.permissive.filter(({ part }) => through(part).length > 0)
    // With a row's tenant in it, a restrictive policy is meant to be a floor, and what opens it must be said as well.
    const floors = stage.restrictive.filter(({ part }) => readsColumn(part.expression, table.tenant.number))
    for (const { policy, part } of passed.length > 0 ? [...passed, ...floors] : []) {
      const entry = stages.get(part) ?? { policy, stages: [] }
      entry.stages.push(stage)
      stages.set(part, entry)
    }
  }
  return [...stages].flatMap(([part, entry]) => through(part).map((passage) => ({ ...passage, ...entry })))
}

function throughPart(
  part: PolicyPart,
  table: TenantTable,
  judgement: Judgement,
): readonly Omit<Passage, 'policy' | 'stages'>[] {
  const passes = mayPass(part, table, judgement)
  return judgement.branches(part.expression).flatMap((branch) => {
    if (passes && mayBeTrue(judgement.evaluateBranch(branch, table.tenant, 'tenant', 'foreign'))) {
      return [{ part, branch, kind: kindOf(branch, part, table, judgement) }]
    }
    return isMagic(branch, table, judgement) ? [{ part, branch, kind: 'magic' as const }] : []
  })
}

/** Whether one of the conditions, all of which must hold, keeps rows of other tenants out. */
export function isHeld(parts: Stage['restrictive'], table: TenantTable, judgement: Judgement): boolean {
  return parts.some(({ part }) => !mayPass(part, table, judgement))
}

function mayPass(part: PolicyPart, table: TenantTable, judgement: Judgement): boolean {
  return mayBeTrue(judgement.outcome(table, part, 'tenant'))
}

function kindOf(branch: Branch, part: PolicyPart, table: TenantTable, judgement: Judgement): PassageKind {
  const { tenant } = table
  if (isAlways(judgement.evaluateBranch(branch, tenant, 'tenant', 'foreign'), 't')) return 'always'
  const ofTenant = branch.filter((condition) => readsColumn(condition, tenant.number))
  const readsOthers = (conditions: Branch) =>
    conditions.some((condition) => judgement.settings(condition).others.length > 0)
  if (ofTenant.length === 0) return readsOthers(branch) ? 'setting' : 'columns'
  if (readsOthers(ofTenant)) return 'other-setting'
  return isAlways(judgement.outcome(table, part, 'tenant'), 't') ? 'always' : 'unclear'
}

/** Whether a value of the tenant's setting opens the branch that is neither a tenant nor the lack of one, such as `all`. */
function isMagic(branch: Branch, { tenant }: TenantTable, judgement: Judgement): boolean {
  return (
    !branch.some((condition) => readsColumn(condition, tenant.number)) &&
    branch.some((condition) => judgement.settings(condition).tenant) &&
    mayBeTrue(judgement.evaluateBranch(branch, tenant, 'any', 'foreign')) &&
    !NO_TENANT.some((context) => isAlways(judgement.evaluateBranch(branch, tenant, context, 'foreign'), 't'))
  )
}
