import { DatabaseError } from 'pg'
import { describe, expect, it } from 'vitest'
import { CommandError } from '../../src/cli/command-error.ts'
import { explainQuery } from '../../src/cli/connection/explain-query.ts'
import { ConfigError } from '../../src/errors/config.ts'

function refused(code: string, message: string): Error {
  const error = Object.assign(new DatabaseError(message, message.length, 'error'), {
    code,
    severity: 'ERROR',
  })
  const explained = explainQuery(error)
  if (!(explained instanceof CommandError)) throw new Error('It was not explained.')
  expect(explained.cause).toBe(error)
  return explained
}

describe('what a server refused', () => {
  it.each([
    ['42501', 'permission denied for table pg_policy', 'must be able to read the catalogs'],
    ['57014', 'canceling statement due to statement timeout', 'It took too long'],
    ['XX000', 'cache lookup failed', 'Its log says more'],
  ])('is explained with %s and what the server said', (code, message, advice) => {
    expect(refused(code, message).message).toContain(`${message} (SQLSTATE ${code})`)
    expect(refused(code, message).message).toContain(advice)
  })

  it.each(['22P02', '23505', 'P0001'])(
    'is not quoted with %s, whose text may hold a value of a row',
    (code) => {
      expect(refused(code, 'invalid input syntax: "Jane Doe"').message).not.toContain('Jane')
    },
  )

  it.each(['Query read timeout', 'Connection terminated unexpectedly'])(
    'is said to be lost: %s',
    (message) => {
      expect(explainQuery(new Error(message))).toBeInstanceOf(CommandError)
    },
  )

  it.each([new ConfigError('wrong'), new TypeError('x is not a function'), 'text'])(
    'is left as it is: %s',
    (error) => {
      expect(explainQuery(error)).toBe(error)
    },
  )
})
