import { type CatalogNames, isUsers } from './catalog-names.ts'
import type { Call, Constant, Expression } from './expression.ts'
import { walk } from './walk.ts'

/** A call whose arguments are all constants, so that it can be made without a row. */
export interface ClosedCall extends Call {
  readonly args: readonly Constant[]
}

/** The calls of functions that are not PostgreSQL's own, in an expression, that can be made without a row. */
export function closedCalls(expression: Expression, names: CatalogNames): readonly ClosedCall[] {
  return walk(expression).flatMap(({ expression: part }) =>
    part.kind === 'call' && isUsers(names.function(part.function)) && isClosed(part) ? [part] : [],
  )
}

export function isClosed(call: Call): call is ClosedCall {
  return call.args.every((arg) => arg.kind === 'constant' && arg.value !== undefined)
}
