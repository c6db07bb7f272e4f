import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { problemOf } from '../../../examples/kit/problem.ts'
import { withoutValues } from '../../../examples/kit/without-values.ts'

const SECRET = 'Mira Vogel'

function serverError(code: string): Error {
  return Object.assign(new Error(`invalid value: "${SECRET}"`), {
    code,
    detail: `Failing row contains (${SECRET}).`,
    where: SECRET,
  })
}

describe('an error without values', () => {
  it('of PostgreSQL keeps its code and its place, and nothing that it says', () => {
    const quiet = withoutValues(serverError('23514'))
    const logged = inspect(quiet)
    expect(logged).toContain('23514')
    expect(logged).toContain('without-values.test.ts')
    expect(logged).not.toContain(SECRET)
  })

  it('of leasehold keeps its words, and not what caused it', () => {
    const cause = serverError('25006')
    const error = Object.assign(new Error('The read was refused.', { cause }), {
      code: 'LSH_ERR_READ_REFUSED',
      retryAfterMs: 1_500,
    })
    const quiet = withoutValues(error)
    expect(inspect(quiet)).toContain('The read was refused.')
    expect(inspect(quiet)).not.toContain(SECRET)
    expect(problemOf(quiet)).toEqual(problemOf(error))
    expect(problemOf(quiet)).toMatchObject({ status: 503, retryAfter: 2 })
  })

  it('is answered as the error is', () => {
    for (const code of ['23505', '23503', '42501', '22P02', 'XX000']) {
      expect(problemOf(withoutValues(serverError(code)))).toEqual(problemOf(serverError(code)))
    }
  })

  it('is anything else as it was thrown', () => {
    const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
    for (const thrown of [new Error('redirect'), refused, 'text', undefined, { digest: 'NEXT_REDIRECT' }])
      expect(withoutValues(thrown)).toBe(thrown)
  })
})
