import { describe, expect, it } from 'vitest'
import { ForbiddenStatementError } from '../../src/errors/forbidden-statement.ts'
import { LeaseholdError } from '../../src/errors/leasehold-error.ts'
import { classify } from '../../src/wire/lexer/classify.ts'
import { REFUSED } from '../wire/lexer/support/examples.ts'

describe('ForbiddenStatementError', () => {
  it('is a LeaseholdError that no retry helps', () => {
    const error = new ForbiddenStatementError({ command: 'BEGIN', reason: 'transaction-control' })
    expect(error).toBeInstanceOf(LeaseholdError)
    expect(error).toMatchObject({
      name: 'ForbiddenStatementError',
      code: 'LSH_ERR_FORBIDDEN_STATEMENT',
      retryable: false,
      command: 'BEGIN',
      reason: 'transaction-control',
    })
  })

  it('says what was refused, why, and what to do instead', () => {
    const error = new ForbiddenStatementError({ command: 'SET', reason: 'session-setting' })
    expect(error.message).toBe(
      'SET was not sent to the server: a session setting stays behind on a connection that other tenants will use. ' +
        'Use SET LOCAL inside withTenant(), or declare the setting in `settings`.',
    )
    expect(
      new ForbiddenStatementError({ command: 'COMMIT', reason: 'transaction-control' }).message,
    ).toContain('Use withTenant()')
  })

  it("never holds a part of the caller's text", () => {
    for (const { text } of [...REFUSED, { text: 'secret_word x' }, { text: 'select 1\0secret_word' }]) {
      const marked = `${text} /* secret_word 4711 */`
      const found = classify(marked)
      if (found.kind !== 'refused') throw new Error(`not refused: ${marked}`)
      expect(new ForbiddenStatementError(found).message).not.toMatch(/secret_word|4711/)
    }
  })
})
