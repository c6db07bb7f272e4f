import type { ContextStatement } from '../context/context-statement.ts'
import { StatementInvalidError } from '../errors/statement.ts'
import { prepareValue, type TypeParsers } from './pg-internals.ts'

/** A statement as a caller gives it: the query configuration of pg, without a name, for names are the library's. */
export interface StatementInput {
  readonly text: string
  /** Values of `$1`, `$2`, …; converted as pg converts them. */
  readonly values?: readonly unknown[] | undefined
  /** `'array'` gives each row as an array instead of an object. */
  readonly rowMode?: 'array' | undefined
  readonly types?: TypeParsers | undefined
}

/** A statement in the form in which it goes on the wire. */
export interface WireStatement {
  readonly text: string
  readonly values: readonly (string | Buffer | null)[]
  readonly rowMode: 'array' | undefined
  readonly types: TypeParsers | undefined
  /** Whether the server is asked for the columns; our own statements know theirs. */
  readonly describe: boolean
  /** Whether the text is likely to come again, so that preparing it may pay. */
  readonly reusable: boolean
  /** Whether its answer is to be sent at once, before the server goes on to what follows. */
  readonly flush?: boolean | undefined
}

/** The Bind message counts its parameters in 16 bits; one more would be read as none. */
const MAX_VALUES = 65_535

/** A statement of the library's own, whose result has no columns to describe. */
export function ownStatement(text: string, values: readonly string[] = []): WireStatement {
  return { text, values, rowMode: undefined, types: undefined, describe: false, reusable: false }
}

/** The statement that sets the tenant, which comes with every call. */
export function contextStatement({ text, values }: ContextStatement): WireStatement {
  return { ...ownStatement(text, values), reusable: true }
}

/**
 * Checks a caller's statement and converts its values, all before any byte is sent: a value that fails to convert
 * half way through a pipeline would leave the server waiting.
 *
 * @throws {StatementInvalidError}
 */
export function callerStatement(input: unknown, values?: unknown): WireStatement {
  const given = typeof input === 'string' ? { text: input, values } : readInput(input)
  if (typeof given.text !== 'string') {
    throw new StatementInvalidError('A statement must be a text, or an object whose `text` is one.')
  }
  if (given.values !== undefined && !Array.isArray(given.values)) {
    throw new StatementInvalidError("A statement's `values` must be an array, in the order of $1, $2, ….")
  }
  if (given.values && given.values.length > MAX_VALUES) {
    throw new StatementInvalidError(
      `A statement can bind at most ${MAX_VALUES} values. Pass an array as one value and unnest() it.`,
    )
  }
  return {
    text: given.text,
    values: convert(given.values ?? []),
    rowMode: given.rowMode === 'array' ? 'array' : undefined,
    types: given.types as TypeParsers | undefined,
    describe: true,
    reusable: true,
  }
}

interface UncheckedInput {
  readonly text?: unknown
  readonly values?: unknown
  readonly rowMode?: unknown
  readonly types?: unknown
}

function readInput(input: unknown): UncheckedInput {
  if (typeof input !== 'object' || input === null) return {}
  if ('name' in input && input.name !== undefined) {
    throw new StatementInvalidError(
      'A statement may not carry a `name`: a name chosen by the caller can mean another text on another ' +
        'pooled connection. Leave it out; the library names statements itself.',
    )
  }
  return input
}

function convert(values: readonly unknown[]): (string | Buffer | null)[] {
  try {
    return values.map((value) => prepareValue(value))
  } catch (cause) {
    throw new StatementInvalidError('A value of the statement could not be converted for PostgreSQL.', {
      cause,
    })
  }
}
