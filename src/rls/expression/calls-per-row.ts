import { type CatalogNames, isSystem, isUsers } from './catalog-names.ts'
import type { Call, Expression, Query } from './expression.ts'
import { childrenOf, walk } from './walk.ts'

/**
 * The calls that PostgreSQL makes again for each row though their answer is the same: `current_setting`, and functions that are
 * not its own and read no column. Inside a subquery that reads nothing from outside, an InitPlan, calls are made once; those
 * of IMMUTABLE functions are made while planning.
 */
export function callsPerRow(expression: Expression, names: CatalogNames, depth = 0): readonly Call[] {
  if (expression.kind === 'query' && !reachesOut(expression, depth)) return []
  const inside = expression.kind === 'query' ? depth + 1 : depth
  const below = childrenOf(expression).flatMap((child) => callsPerRow(child, names, inside))
  return expression.kind === 'call' && isRepeated(expression, names) ? [expression, ...below] : below
}

function isRepeated(call: Call, names: CatalogNames): boolean {
  const facts = names.function(call.function)
  if (isSystem(facts, 'current_setting')) return true
  const readsColumns = call.args.some((arg) =>
    walk(arg).some(({ expression }) => expression.kind === 'column'),
  )
  return isUsers(facts) && facts.volatility !== 'immutable' && !readsColumns
}

/** Whether a query reads a row from outside itself. */
function reachesOut(query: Query, depth: number): boolean {
  return walk(query, depth).some(
    ({ expression, depth: around }) => expression.kind === 'column' && around - expression.level <= depth,
  )
}
