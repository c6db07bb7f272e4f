import type { Isolation } from '../transaction/begin.ts'
import type { Scanner } from '../wire/lexer/scanner.ts'

/** What a text asks of a transaction; what it does not say is left out. */
export interface TransactionModes {
  readonly isolation?: Isolation
  readonly readOnly?: boolean
  readonly deferrable?: boolean
}

/**
 * Reads `transaction_mode_list`, from the scanner's current token to the end of the statement. Of a mode that is said twice
 * the last holds.
 *
 * @returns nothing where something else stands there
 * @see https://www.postgresql.org/docs/current/sql-set-transaction.html
 */
export function readModes(scanner: Scanner): TransactionModes | undefined {
  let modes: TransactionModes = {}
  while (scanner.kind === 'word') {
    const mode = readMode(scanner)
    if (!mode) return undefined
    modes = { ...modes, ...mode }
    if (!scanner.isSymbol(',')) continue
    if (scanner.next() !== 'word') return undefined
  }
  return modes
}

function readMode(scanner: Scanner): TransactionModes | undefined {
  if (takeWord(scanner, 'isolation')) return readIsolation(scanner)
  if (takeWord(scanner, 'read')) {
    if (takeWord(scanner, 'only')) return { readOnly: true }
    return takeWord(scanner, 'write') ? { readOnly: false } : undefined
  }
  if (takeWord(scanner, 'deferrable')) return { deferrable: true }
  if (!takeWord(scanner, 'not')) return undefined
  return takeWord(scanner, 'deferrable') ? { deferrable: false } : undefined
}

function readIsolation(scanner: Scanner): TransactionModes | undefined {
  if (!takeWord(scanner, 'level')) return undefined
  if (takeWord(scanner, 'serializable')) return { isolation: 'serializable' }
  if (takeWord(scanner, 'repeatable')) {
    return takeWord(scanner, 'read') ? { isolation: 'repeatable read' } : undefined
  }
  if (!takeWord(scanner, 'read')) return undefined
  // PostgreSQL takes the name of READ UNCOMMITTED and gives READ COMMITTED.
  const isTaken = takeWord(scanner, 'committed') || takeWord(scanner, 'uncommitted')
  return isTaken ? { isolation: 'read committed' } : undefined
}

/** Moves behind a keyword, if it is the current token. */
export function takeWord(scanner: Scanner, word: string): boolean {
  if (!scanner.isWord(word)) return false
  scanner.next()
  return true
}
