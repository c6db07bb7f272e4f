import { describe, expect, it } from 'vitest'
import type { Expression } from '../../../src/rls/expression/expression.ts'
import { readExpression } from '../../../src/rls/expression/read-expression.ts'
import { walk } from '../../../src/rls/expression/walk.ts'
import { TREES } from './trees.ts'

const all = (expression: Expression) => walk(expression).map(({ expression: part }) => part)

describe('an expression', () => {
  it.each(['canonical', 'constants', 'logic'] as const)(
    'is the same from PostgreSQL 15 and 18: %s',
    (name) => {
      const kinds = (text: string) => all(readExpression(text)).filter(({ kind }) => kind !== 'other')
      expect(kinds(TREES['15'][name])).toEqual(kinds(TREES['18'][name]))
      expect(kinds(TREES['15'][name]).length).toBeGreaterThan(5)
    },
  )

  it('is the canonical policy: the column equals a bare subquery around NULLIF', () => {
    const expression = readExpression(TREES['18'].canonical)
    if (expression.kind !== 'operation') throw new Error(expression.kind)
    const [column, subquery] = expression.args
    expect(column).toEqual({ kind: 'column', number: 1, level: 0, type: 2950 })
    if (subquery?.kind !== 'subquery') throw new Error(subquery?.kind)
    expect(subquery.link).toBe('scalar')
    expect(subquery.query.bare?.target).toMatchObject({ kind: 'cast', by: 'text', arg: { form: 'nullif' } })
  })

  it('has its constants as PostgreSQL would print them', () => {
    const values = all(readExpression(TREES['18'].constants)).flatMap((part) =>
      part.kind === 'constant' ? [part.value] : [],
    )
    expect(values).toEqual([
      'a',
      'tab\t\\é',
      undefined,
      '5eed0001-ea5e-4001-8001-1ea5e401d00b',
      '-5',
      '7',
      'adm',
      'x',
      '9007199254740993',
      null,
    ])
  })

  it('tells the session user from the current one, and reads through ARRAY, CASE and EXISTS', () => {
    const parts = all(readExpression(TREES['15'].logic))
    const users = parts.flatMap((part) => (part.kind === 'current-user' ? [part.session] : []))
    expect(users).toEqual([false, true])
    expect(parts.find(({ kind }) => kind === 'membership')).toMatchObject({ some: true, elements: [{}, {}] })
    expect(parts.find(({ kind }) => kind === 'subquery')).toMatchObject({ link: 'exists' })
    expect(parts.find((part) => part.kind === 'column' && part.number === 0)).toBeDefined()
  })

  it('is refused where an operator is none', () => {
    expect(() => readExpression('{BOOLEXPR :boolop xor :args <>}')).toThrow(SyntaxError)
  })
})
