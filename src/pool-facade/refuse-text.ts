import { UnsupportedError } from '../errors/unsupported.ts'
import { Scanner } from '../wire/lexer/scanner.ts'

/** Locks of the session, which would stay behind on a connection that other tenants use; those of a transaction end with it. */
const SESSION_LOCK = /^pg_(?:try_)?advisory_(?:un)?lock(?:_shared|_all)?$/i
const MAY_LOCK = /advisory_(?:un)?lock/i

/**
 * Refuses what pg would send and a tenant's batch cannot carry, as far as the text shows it. The lexer refuses the rest.
 *
 * @throws {UnsupportedError}
 */
export function refuseText(text: string): void {
  const mayBeSeveral = text.includes(';')
  if (!mayBeSeveral && !MAY_LOCK.test(text)) return
  // What a backslash means in a string is not known here, so that its end is not: such a text is left to the server, which takes
  // one statement.
  if (text.includes('\\')) return
  const scanner = new Scanner(text, 0, false)
  let isBehind = false
  // The body of a function in SQL has semicolons of its own.
  let isBody = false
  let isFirst = true
  // So has a rule, in parentheses.
  let depth = 0
  for (let kind = scanner.next(); kind !== 'end'; kind = scanner.next()) {
    if (scanner.isSymbol('(')) depth += 1
    if (scanner.isSymbol(')')) depth -= 1
    if (depth === 0 && scanner.isSymbol(';')) {
      isBehind = !isFirst
      continue
    }
    if (isBehind && !isBody) throw several()
    isFirst = false
    if (kind === 'word' && scanner.isWord('atomic')) isBody = true
    if ((kind === 'word' || kind === 'quoted') && SESSION_LOCK.test(scanner.name())) throw sessionLock()
  }
}

function several(): UnsupportedError {
  return new UnsupportedError(
    'A text of several statements',
    'Send each by itself: in a transaction, where they belong together.',
  )
}

function sessionLock(): UnsupportedError {
  return new UnsupportedError(
    'An advisory lock of the session',
    'It would stay on a connection that other tenants use: take pg_advisory_xact_lock() in a transaction.',
  )
}
