import type { CatalogNames } from './catalog-names.ts'
import type { Case, Expression } from './expression.ts'

/** Conditions that must all hold. */
export type Branch = readonly Expression[]

/** An expression that would have more branches is left whole. */
const BRANCHES = 64

/**
 * The ways to make a condition true: it is true exactly where, for one of these, every condition of it is. AND, OR, NOT and
 * CASE are taken apart (the disjunctive normal form).
 */
export function branchesOf(condition: Expression, names: CatalogNames): readonly Branch[] {
  const branches = split(condition, false, names)
  return branches.length > BRANCHES ? [[condition]] : branches
}

function split(expression: Expression, negated: boolean, names: CatalogNames): readonly Branch[] {
  switch (expression.kind) {
    case 'and':
    case 'or': {
      const parts = expression.args.map((arg) => split(arg, negated, names))
      return (expression.kind === 'or') !== negated ? parts.flat() : product(parts)
    }
    case 'not':
      return split(expression.args[0] ?? expression, !negated, names)
    case 'boolean-test':
      if (expression.is === 't' && !expression.negated && !negated) return split(expression.arg, false, names)
      break
    case 'case':
      if (!expression.arg) return splitCase(expression, negated, names)
      break
    case 'operation': {
      const { form, operator } = expression
      const negator = form === 'operator' ? names.operator(operator)?.negator : 0
      if (negated && negator) return [[{ ...expression, operator: negator }]]
      break
    }
    default:
  }
  return [[negated ? { kind: 'not', args: [expression] } : expression]]
}

function splitCase({ whens, otherwise }: Case, negated: boolean, names: CatalogNames): readonly Branch[] {
  const results = [...whens, { condition: undefined, result: otherwise }]
  return results.flatMap(({ condition, result }, index) => {
    const skipped = whens.slice(0, index).map(({ condition: arg }): readonly Branch[] => {
      return [[{ kind: 'boolean-test', arg, is: 't', negated: true }]]
    })
    const reached = condition ? [split(condition, false, names)] : []
    return product([...skipped, ...reached, split(result, negated, names)])
  })
}

/** One of each. Stops growing beyond {@link BRANCHES}, where the result is not used. */
function product(parts: readonly (readonly Branch[])[]): readonly Branch[] {
  return parts.reduce<readonly Branch[]>(
    (before, next) =>
      before.length > BRANCHES ? before : before.flatMap((left) => next.map((right) => [...left, ...right])),
    [[]],
  )
}
