import type { CatalogNames } from './catalog-names.ts'
import type { Expression } from './expression.ts'
import { rowColumns } from './walk.ts'

/** A condition that says which tenants' rows there are. */
export interface TenantComparison {
  /** `wrapped` when a cast or a function stands around the column, so that no index on the column serves. */
  readonly column: 'bare' | 'wrapped'
  /** What the column is to be equal to, one of several for `tenant IN (a, b)`; no column of the row is in them. */
  readonly values: readonly Expression[]
}

/** Reads `tenant = value`, in either order, and `tenant IN (...)`; `undefined` when the condition is something else. */
export function tenantComparison(
  condition: Expression,
  tenant: number,
  names: CatalogNames,
): TenantComparison | undefined {
  if (condition.kind !== 'operation' && condition.kind !== 'membership') return undefined
  if (names.operator(condition.operator)?.name !== '=') return undefined
  if (condition.kind === 'membership') {
    const { arg, elements, some } = condition
    return some && elements ? compareWith(arg, elements, tenant) : undefined
  }
  const [left, right] = condition.args
  if (condition.form !== 'operator' || !left || !right) return undefined
  return compareWith(left, [right], tenant) ?? compareWith(right, [left], tenant)
}

function compareWith(
  column: Expression,
  values: readonly Expression[],
  tenant: number,
): TenantComparison | undefined {
  const [only, ...more] = rowColumns(column)
  if (only !== tenant || more.length > 0 || values.some((value) => rowColumns(value).size > 0))
    return undefined
  return { column: isBare(column) ? 'bare' : 'wrapped', values }
}

function isBare(expression: Expression): boolean {
  if (expression.kind === 'cast' && expression.by !== 'text') return isBare(expression.arg)
  return expression.kind === 'column'
}
