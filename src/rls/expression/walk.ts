import type { Expression } from './expression.ts'

/** A part of an expression, and how many queries stand around it. */
export interface Place {
  readonly expression: Expression
  readonly depth: number
}

/** The expression itself and everything in it. */
export function walk(expression: Expression, depth = 0): readonly Place[] {
  const places: Place[] = []
  collect(expression, depth, places)
  return places
}

function collect(expression: Expression, depth: number, places: Place[]): void {
  places.push({ expression, depth })
  const inside = expression.kind === 'query' ? depth + 1 : depth
  for (const child of childrenOf(expression)) collect(child, inside, places)
}

/** What an expression is made of. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'cast':
    case 'null-test':
    case 'boolean-test':
      return [expression.arg]
    case 'case': {
      const { arg, whens, otherwise } = expression
      const cases = whens.flatMap(({ condition, result }) => [condition, result])
      return [...(arg ? [arg] : []), ...cases, otherwise]
    }
    case 'membership':
      return [expression.arg, expression.array]
    case 'subquery':
      return [...(expression.test ? [expression.test] : []), expression.query]
    case 'constant':
    case 'column':
    case 'current-user':
      return []
    default:
      return expression.args
  }
}

/** The columns of the policy's row that an expression reads, by number; 0 stands for all of them. */
export function rowColumns(expression: Expression, depth = 0): ReadonlySet<number> {
  const columns = new Set<number>()
  for (const { expression: part, depth: around } of walk(expression, depth)) {
    if (part.kind === 'column' && part.level === around) columns.add(part.number)
  }
  return columns
}

/** Whether an expression depends on a column of the policy's row. */
export function readsColumn(expression: Expression, column: number): boolean {
  const columns = rowColumns(expression)
  return columns.has(column) || columns.has(0)
}

/** Whether an expression reads tables. */
export function readsTables(expression: Expression): boolean {
  return walk(expression).some(({ expression: part }) => part.kind === 'query' && part.relations.length > 0)
}
