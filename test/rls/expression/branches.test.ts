import { describe, expect, it } from 'vitest'
import { branchesOf } from '../../../src/rls/expression/branches.ts'
import type { CatalogNames } from '../../../src/rls/expression/catalog-names.ts'
import type { Expression } from '../../../src/rls/expression/expression.ts'

const EQUALS = 2972
const DIFFERS = 2973
const names: CatalogNames = {
  function: () => undefined,
  operator: (oid) => ({
    schema: 'pg_catalog',
    name: oid === EQUALS ? '=' : '<>',
    strict: true,
    negator: oid === EQUALS ? DIFFERS : EQUALS,
  }),
}
const column = (number: number): Expression => ({ kind: 'column', number, level: 0, type: 16 })
const [a, b, c] = [column(1), column(2), column(3)]
const and = (...args: readonly Expression[]): Expression => ({ kind: 'and', args })
const or = (...args: readonly Expression[]): Expression => ({ kind: 'or', args })
const not = (arg: Expression): Expression => ({ kind: 'not', args: [arg] })
const comparison = (operator: number): Expression => ({
  kind: 'operation',
  form: 'operator',
  operator,
  args: [a, b],
})

describe('the branches of a condition', () => {
  it('are one for each way to make an OR true, below an AND too', () => {
    expect(branchesOf(and(a, or(b, c)), names)).toEqual([
      [a, b],
      [a, c],
    ])
  })

  it('turn AND and OR round below NOT', () => {
    expect(branchesOf(not(or(a, not(b))), names)).toEqual([[not(a), b]])
    expect(branchesOf(not(and(a, b)), names)).toEqual([[not(a)], [not(b)]])
  })

  it('read NOT (a <> b) as a = b', () => {
    expect(branchesOf(not(comparison(DIFFERS)), names)).toEqual([[comparison(EQUALS)]])
  })

  it('are one for each result of a CASE, with what led to it', () => {
    const skipped: Expression = { kind: 'boolean-test', arg: a, is: 't', negated: true }
    const expression: Expression = {
      kind: 'case',
      arg: undefined,
      whens: [{ condition: a, result: b }],
      otherwise: c,
    }
    expect(branchesOf(expression, names)).toEqual([
      [a, b],
      [skipped, c],
    ])
  })

  it('see through IS TRUE, and not through IS NOT TRUE', () => {
    const test = (negated: boolean): Expression => ({ kind: 'boolean-test', arg: or(a, b), is: 't', negated })
    expect(branchesOf(test(false), names)).toEqual([[a], [b]])
    expect(branchesOf(test(true), names)).toEqual([[test(true)]])
  })

  it('are the condition itself where there would be too many', () => {
    const many = and(...Array.from({ length: 40 }, () => or(a, b)))
    expect(branchesOf(many, names)).toEqual([[many]])
  })
})
