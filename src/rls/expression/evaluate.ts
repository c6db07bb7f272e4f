import { castText } from './cast-value.ts'
import type { CatalogNames } from './catalog-names.ts'
import { evaluateCall, evaluateComparison } from './evaluate-call.ts'
import type { BooleanTest, Case, Expression, Membership, Subquery } from './expression.ts'
import {
  always,
  apply,
  connect,
  FAILS,
  isAlways,
  mayBeTrue,
  mayFail,
  negate,
  type Possible,
  union,
} from './possible.ts'
import type { Situation } from './situation.ts'

/**
 * What an expression can evaluate to, without asking a server. What it does not know can be anything, so what it rules
 * out is impossible.
 */
export function evaluate(expression: Expression, situation: Situation, names: CatalogNames): Possible {
  return new Evaluation(situation, names).of(expression, 0)
}

class Evaluation {
  readonly #situation: Situation
  readonly #names: CatalogNames

  constructor(situation: Situation, names: CatalogNames) {
    this.#situation = situation
    this.#names = names
  }

  /** @param depth how many queries stand around the expression */
  of(expression: Expression, depth: number): Possible {
    const evaluateAll = (args: readonly Expression[]) => args.map((arg) => this.of(arg, depth))
    switch (expression.kind) {
      case 'constant':
        return expression.value === undefined ? undefined : always(expression.value)
      case 'column':
        return expression.level === depth ? this.#situation.column(expression.number) : undefined
      case 'current-user':
        return this.#situation.user(expression.session)
      case 'call':
        return evaluateCall(expression, evaluateAll(expression.args), this.#situation, this.#names)
      case 'operation':
        return evaluateComparison(expression, evaluateAll(expression.args), this.#names)
      case 'cast':
        return this.#cast(expression.type, this.of(expression.arg, depth), expression.by)
      case 'and':
      case 'or':
        return connect(expression.kind, evaluateAll(expression.args))
      case 'not':
        return negate(evaluateAll(expression.args)[0])
      case 'null-test':
        return testNull(this.of(expression.arg, depth), expression.isNull)
      case 'boolean-test':
        return testBoolean(this.of(expression.arg, depth), expression)
      case 'coalesce':
        return coalesce(evaluateAll(expression.args))
      case 'case':
        return this.#case(expression, depth)
      case 'membership':
        return this.#membership(expression, depth)
      case 'subquery':
        return this.#subquery(expression, depth)
      default:
        return undefined
    }
  }

  #cast(type: number, possible: Possible, by: 'relabel' | 'text' | 'domain'): Possible {
    if (by !== 'text') return possible
    return apply([possible], (value = null) => (value === null ? always(null) : castText(type, value)))
  }

  /** Later conditions and results are evaluated only where the earlier conditions are not true. */
  #case({ arg, whens, otherwise }: Case, depth: number): Possible {
    const results: Possible[] = []
    for (const { condition, result } of whens) {
      const holds = arg === undefined ? this.of(condition, depth) : undefined
      if (mayBeTrue(holds)) results.push(this.of(result, depth))
      if (mayFail(holds)) results.push(always(FAILS))
      if (isAlways(holds, 't') || isAlways(holds, FAILS)) return union(results)
    }
    return union([...results, this.of(otherwise, depth)])
  }

  #membership({ operator, some, arg, elements }: Membership, depth: number): Possible {
    if (!elements) return undefined
    const value = this.of(arg, depth)
    const answers = elements.map((element) =>
      evaluateComparison({ form: 'operator', operator }, [value, this.of(element, depth)], this.#names),
    )
    return connect(some ? 'or' : 'and', answers)
  }

  #subquery({ link, query: { bare } }: Subquery, depth: number): Possible {
    if (!bare) return undefined
    const condition = bare.condition ? this.of(bare.condition, depth + 1) : always('t')
    if (link === 'exists') return testBoolean(condition, { is: 't', negated: false })
    if (link !== 'scalar' || !bare.target) return undefined
    const target = mayBeTrue(condition) ? this.of(bare.target, depth + 1) : always(null)
    if (isAlways(condition, 't')) return target
    return union([target, always(null), mayFail(condition) ? always(FAILS) : always(null)])
  }
}

function testNull(possible: Possible, isNull: boolean): Possible {
  if (possible === undefined) return new Set(['t', 'f'])
  return apply([possible], (value = null) => always((value === null) === isNull ? 't' : 'f'))
}

function testBoolean(possible: Possible, { is, negated }: Pick<BooleanTest, 'is' | 'negated'>): Possible {
  if (possible === undefined) return new Set(['t', 'f'])
  return apply([possible], (value = null) => always((value === is) !== negated ? 't' : 'f'))
}

function coalesce(args: readonly Possible[]): Possible {
  const [first, ...rest] = args
  if (args.length === 0) return always(null)
  if (first === undefined) return undefined
  const values = [...first].filter((value) => value !== null)
  return first.has(null) ? union([new Set(values), coalesce(rest)]) : first
}
