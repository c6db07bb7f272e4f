import { isUsers } from '../../../../expression/catalog-names.ts'
import type { Expression } from '../../../../expression/expression.ts'
import { isAlways } from '../../../../expression/possible.ts'
import { walk } from '../../../../expression/walk.ts'
import { comparisonsOf } from './comparisons.ts'
import { probeTenants } from './contexts.ts'
import { listed } from './describe.ts'
import type { Judgement } from './judgement.ts'
import { partsOf, type TenantTable } from './policy-table.ts'

/** What a table's tenant is compared with, where it is not simply the setting. */
const SETTING = 'the setting itself'

/** What the tenant is compared with, in the policies of all tables. */
export interface TenantSources {
  /** Says how a table differs from most others; `undefined` where it does not. */
  differenceOf(table: TenantTable): string | undefined
}

/**
 * Finds what tables compare the tenant with: the setting, or functions that ask for more than the setting, as they do not answer
 * what it holds. One that does is the setting by another name.
 */
export function tenantSources(judgement: Judgement): TenantSources {
  const sources = new Map(judgement.tenantTables.map((table) => [table, sourceOf(table, judgement)]))
  const counts = new Map<string, number>()
  for (const source of sources.values()) if (source) counts.set(source, (counts.get(source) ?? 0) + 1)
  const [usual] = [...counts].toSorted(([, left], [, right]) => right - left)
  return {
    differenceOf: (table) => {
      const source = sources.get(table)
      if (!source || !usual || usual[0] === source || usual[1] === counts.get(source)) return undefined
      return `The tenant is compared with ${source}, and in ${usual[1]} other tables with ${usual[0]}.`
    },
  }
}

function sourceOf(table: TenantTable, judgement: Judgement): string | undefined {
  const parts = table.policies.filter(({ reachesApp }) => reachesApp).flatMap(partsOf)
  const values = parts.flatMap((part) =>
    comparisonsOf(part, table, judgement).flatMap(({ values }) => values),
  )
  if (values.length === 0) return undefined
  const functions = new Set(values.flatMap((value) => guardsIn(value, table, judgement)))
  return functions.size === 0 ? SETTING : listed([...functions].toSorted())
}

function guardsIn(value: Expression, { tenant }: TenantTable, judgement: Judgement): readonly string[] {
  return walk(value).flatMap(({ expression: part }) => {
    const facts = part.kind === 'call' ? judgement.names.function(part.function) : undefined
    if (part.kind !== 'call' || !isUsers(facts)) return []
    const answer = judgement.answerOf(part, 'tenant', tenant)
    return isAlways(answer, probeTenants(tenant.type).own) ? [] : [`${facts.object}`]
  })
}
