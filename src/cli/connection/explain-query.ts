import { isServerError } from '../../errors/server-error.ts'
import { CommandError } from '../command-error.ts'

/** What PostgreSQL means by a SQLSTATE while its catalogs are being read, and what to do about it. */
const ADVICE: ReadonlyMap<string, string> = new Map([
  [
    '42501',
    'The role of --url must be able to read the catalogs: use one from which that was not taken, such as the owner of the ' +
      'database, or grant it to this one.',
  ],
  ['57014', 'It took too long. Try again when the server is less busy.'],
  ['55P03', 'Somebody holds a lock on it, as a migration does. Try again when that is over.'],
  ['57P01', 'The connection was ended from the other side. Try again.'],
])

/** Classes of errors whose text may quote a value: data, constraints, and what a function raises. */
const MAY_QUOTE = /^(?:22|23|P0)/

/** Turns what a server, or its absence, made of a query into an error that says what to do; leaves any other as it is. */
export function explainQuery(error: unknown): unknown {
  if (isServerError(error)) {
    const said = MAY_QUOTE.test(error.code) ? '' : `: ${error.message}`
    return new CommandError(
      `PostgreSQL refused a query${said} (SQLSTATE ${error.code}). ${ADVICE.get(error.code) ?? 'Its log says more.'}`,
      { cause: error },
    )
  }
  if (error instanceof Error && /^(?:Query read timeout|Connection terminated)/.test(error.message)) {
    return new CommandError(
      'The connection to PostgreSQL was lost, or the server stopped answering. Nothing was changed. Try again.',
      { cause: error },
    )
  }
  return error
}
