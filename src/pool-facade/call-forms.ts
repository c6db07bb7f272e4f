import { StatementInvalidError } from '../errors/statement.ts'
import { UnsupportedError } from '../errors/unsupported.ts'
import type { QueryResult, TypeParsers } from '../wire/pg-internals.ts'
import type { StatementInput } from '../wire/statement.ts'
import type { Submittable } from './submittable.ts'

/** Called with what became of a query, as pg calls it. */
export type QueryCallback = (error: unknown, result?: QueryResult<unknown>) => void

interface GivenConfig {
  readonly text?: unknown
  readonly values?: unknown
  readonly name?: unknown
  readonly rowMode?: unknown
  readonly types?: unknown
  readonly binary?: unknown
}

/** Whether a query is an object that speaks the protocol itself, as those of pg-cursor and pg-query-stream do. */
export function isSubmittable(config: unknown): config is Submittable {
  return (
    typeof config === 'object' && config !== null && 'submit' in config && typeof config.submit === 'function'
  )
}

/**
 * Reads what is to be run, as pg does (`normalizeQueryConfig` in pg/lib/utils.js), and changes none of it. A name is left out: the
 * library names statements itself.
 *
 * @param values beside the object; a callback in their place is none
 * @throws {StatementInvalidError} {@link UnsupportedError}
 */
export function readStatement(config: unknown, values: unknown): StatementInput {
  const given = (typeof config === 'string' ? { text: config } : config) as GivenConfig
  const bound = values && typeof values !== 'function' ? values : given.values
  if (typeof given.text !== 'string') throw withoutText(given.name)
  if (given.binary) {
    throw new UnsupportedError(
      'The option `binary` of a query',
      'Leave it out: values arrive as text, and are parsed.',
    )
  }
  return {
    text: given.text,
    values: (bound ?? undefined) as readonly unknown[] | undefined,
    rowMode: given.rowMode === 'array' ? 'array' : undefined,
    types: (given.types ?? undefined) as TypeParsers | undefined,
  }
}

/** Hands the outcome of a query to its callback, or gives the promise of it where there is none, as pg does. */
export function answer<T>(
  running: Promise<T>,
  callback: ((error: unknown, value?: T) => void) | undefined,
): Promise<T> | undefined {
  if (!callback) return running
  // Out of the promise: what a callback throws is an uncaught exception with pg too, and no rejection.
  running.then(
    (value) => process.nextTick(callback, null, value),
    (error) => process.nextTick(callback, error),
  )
  return undefined
}

function withoutText(name: unknown): StatementInvalidError {
  return new StatementInvalidError(
    name === undefined
      ? 'A query must have a text.'
      : 'A query was given by its name alone: give its text each time, for its connection may be another one.',
  )
}
