import { Scanner } from '../wire/lexer/scanner.ts'
import { readModes, type TransactionModes, takeWord } from './transaction-modes.ts'

/** What a text does to its transaction. `tag` is the first word of what the server would answer. */
export type TransactionCommand =
  | { readonly kind: 'begin'; readonly tag: 'BEGIN' | 'START'; readonly modes: TransactionModes }
  | { readonly kind: 'set'; readonly tag: 'SET'; readonly modes: TransactionModes }
  | { readonly kind: 'commit'; readonly tag: 'COMMIT' }
  | { readonly kind: 'rollback'; readonly tag: 'ROLLBACK' }
  | { readonly kind: 'savepoint'; readonly tag: 'SAVEPOINT'; readonly name: string }
  | { readonly kind: 'release'; readonly tag: 'RELEASE'; readonly name: string }
  | { readonly kind: 'rollback to'; readonly tag: 'ROLLBACK'; readonly name: string }

const COMMIT: TransactionCommand = Object.freeze({ kind: 'commit', tag: 'COMMIT' })
const ROLLBACK: TransactionCommand = Object.freeze({ kind: 'rollback', tag: 'ROLLBACK' })

/**
 * Reads a text that controls a transaction, in every form that PostgreSQL takes and that a transaction of this library can
 * do. Nothing for any other text, AND CHAIN, PREPARE TRANSACTION, COMMIT PREPARED, SET TRANSACTION SNAPSHOT and names with
 * Unicode escapes among them: what is not read here is for the lexer, which refuses all transaction control.
 */
export function parseTransactionCommand(text: string): TransactionCommand | undefined {
  const scanner = new Scanner(text, 0, false)
  // The server skips empty statements.
  do scanner.next()
  while (scanner.isSymbol(';'))
  if (scanner.kind !== 'word') return undefined
  const command = readCommand(scanner)
  while (scanner.isSymbol(';')) scanner.next()
  return isAtEnd(scanner) ? command : undefined
}

function readCommand(scanner: Scanner): TransactionCommand | undefined {
  if (takeWord(scanner, 'begin')) return readBegin(scanner)
  if (takeWord(scanner, 'start')) {
    if (!takeWord(scanner, 'transaction')) return undefined
    const modes = readModes(scanner)
    return modes && { kind: 'begin', tag: 'START', modes }
  }
  if (takeWord(scanner, 'set')) return readSet(scanner)
  if (takeWord(scanner, 'commit') || takeWord(scanner, 'end')) return readEnd(scanner, COMMIT)
  if (takeWord(scanner, 'abort')) return readEnd(scanner, ROLLBACK)
  if (takeWord(scanner, 'rollback')) return readRollback(scanner)
  if (takeWord(scanner, 'savepoint')) {
    const name = readName(scanner)
    return name === undefined ? undefined : { kind: 'savepoint', tag: 'SAVEPOINT', name }
  }
  if (!takeWord(scanner, 'release')) return undefined
  const name = readSavepoint(scanner)
  return name === undefined ? undefined : { kind: 'release', tag: 'RELEASE', name }
}

function readBegin(scanner: Scanner): TransactionCommand | undefined {
  skipNoise(scanner)
  const modes = readModes(scanner)
  return modes && { kind: 'begin', tag: 'BEGIN', modes }
}

function readSet(scanner: Scanner): TransactionCommand | undefined {
  if (!takeWord(scanner, 'transaction') || scanner.kind !== 'word') return undefined
  const modes = readModes(scanner)
  return modes && { kind: 'set', tag: 'SET', modes }
}

function readEnd(scanner: Scanner, command: TransactionCommand): TransactionCommand | undefined {
  skipNoise(scanner)
  if (!takeWord(scanner, 'and')) return command
  return takeWord(scanner, 'no') && takeWord(scanner, 'chain') ? command : undefined
}

function readRollback(scanner: Scanner): TransactionCommand | undefined {
  skipNoise(scanner)
  if (!takeWord(scanner, 'to')) return readEnd(scanner, ROLLBACK)
  const name = readSavepoint(scanner)
  return name === undefined ? undefined : { kind: 'rollback to', tag: 'ROLLBACK', name }
}

function skipNoise(scanner: Scanner): void {
  if (!takeWord(scanner, 'work')) takeWord(scanner, 'transaction')
}

/** SAVEPOINT may stand before the name, and is a name itself where none follows. */
function readSavepoint(scanner: Scanner): string | undefined {
  if (!takeWord(scanner, 'savepoint')) return readName(scanner)
  return isAtEnd(scanner) || scanner.isSymbol(';') ? 'savepoint' : readName(scanner)
}

function isAtEnd({ kind }: Scanner): boolean {
  return kind === 'end'
}

/** The name as the server compares it: it folds what is not quoted, in ASCII alone. */
function readName(scanner: Scanner): string | undefined {
  const { kind } = scanner
  if (kind !== 'word' && kind !== 'quoted') return undefined
  const name = scanner.name()
  scanner.next()
  if (kind === 'quoted') return name.replaceAll('""', '"')
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}
