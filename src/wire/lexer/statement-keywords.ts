import { exclusive, PLAIN, refused, type StatementClass } from './statement-class.ts'
import { equalsWord, skipWord } from './words.ts'

/** The first word does not decide; the words behind it must be read. */
export interface Examination {
  readonly kind: 'examine'
  readonly command: 'CREATE' | 'DECLARE' | 'EXPLAIN' | 'PREPARE' | 'SET'
}

export type KeywordRule = StatementClass | Examination

function examine(command: Examination['command']): Examination {
  return Object.freeze({ kind: 'examine', command })
}

/**
 * Every word with which a statement of PostgreSQL 15 to 18 begins (`toplevel_stmt` in gram.y; the four versions have the
 * same 53), and what is done with a text that begins so. A text may also begin with a parenthesis, which opens a query
 * and nothing else, or be empty.
 *
 * Plain does not mean harmless: rights are the database's business, and what a function does shows in no text. VACUUM,
 * CREATE DATABASE and their like commit by themselves, which is why the server refuses them behind the context statement.
 */
const RULES: Readonly<Record<string, KeywordRule>> = {
  abort: refused('ABORT', 'transaction-control'),
  alter: PLAIN, // ALTER ROLE, DATABASE and SYSTEM ... SET write catalogs or files, not the session
  analyse: PLAIN,
  analyze: PLAIN,
  begin: refused('BEGIN', 'transaction-control'),
  call: exclusive('CALL'),
  checkpoint: PLAIN,
  close: PLAIN,
  cluster: PLAIN,
  comment: PLAIN,
  commit: refused('COMMIT', 'transaction-control'), // also COMMIT PREPARED
  copy: refused('COPY', 'copy'),
  create: examine('CREATE'), // temporary objects, CREATE TABLE ... AS EXECUTE
  deallocate: refused('DEALLOCATE', 'prepared-statement'),
  declare: examine('DECLARE'), // WITH HOLD
  delete: PLAIN,
  discard: refused('DISCARD', 'session-discard'),
  do: exclusive('DO'),
  drop: PLAIN,
  end: refused('END', 'transaction-control'),
  execute: refused('EXECUTE', 'prepared-statement'),
  explain: examine('EXPLAIN'), // of a refused statement
  fetch: PLAIN,
  grant: PLAIN,
  import: PLAIN,
  insert: PLAIN,
  listen: refused('LISTEN', 'notification-channel'),
  load: refused('LOAD', 'library-load'),
  lock: PLAIN,
  merge: PLAIN,
  move: PLAIN,
  notify: PLAIN, // sent at commit, leaves nothing
  prepare: examine('PREPARE'), // refused either way, for different reasons
  reassign: PLAIN,
  refresh: PLAIN,
  reindex: PLAIN,
  release: refused('RELEASE', 'transaction-control'),
  reset: refused('RESET', 'session-setting'),
  revoke: PLAIN,
  rollback: refused('ROLLBACK', 'transaction-control'), // also ROLLBACK TO and ROLLBACK PREPARED
  savepoint: refused('SAVEPOINT', 'transaction-control'),
  security: PLAIN,
  select: PLAIN, // SELECT INTO TEMP would need a reading of the whole text: revoke TEMP from the role
  set: examine('SET'),
  show: PLAIN,
  start: refused('START TRANSACTION', 'transaction-control'),
  table: PLAIN,
  truncate: PLAIN,
  unlisten: refused('UNLISTEN', 'notification-channel'),
  update: PLAIN,
  vacuum: PLAIN,
  values: PLAIN,
  with: PLAIN,
}

/**
 * Refused rather than left to the server's syntax error, because a later version may give the word a meaning that leaves
 * session state behind, while on the versions of today nothing that works is lost.
 */
export const UNKNOWN: KeywordRule = refused('An unknown command', 'unknown-statement')

interface Entry {
  readonly word: string
  readonly rule: KeywordRule
}

const LONGEST = 10 // deallocate
const SHAPES = 16

/** Entries by first letter and length: at most three share a shape, so a look-up compares hardly more than one word. */
const BY_SHAPE: readonly (readonly Entry[])[] = indexByShape()

function indexByShape(): Entry[][] {
  const index: Entry[][] = Array.from({ length: 26 * SHAPES }, () => [])
  for (const [word, rule] of Object.entries(RULES)) index[shapeOf(word, 0, word.length)]?.push({ word, rule })
  return index
}

function shapeOf(text: string, start: number, end: number): number {
  return ((text.charCodeAt(start) | 0x20) - 0x61) * SHAPES + (end - start)
}

/** The rule for a text whose first token begins at `start`. */
export function keywordRule(text: string, start: number): KeywordRule {
  const end = skipWord(text, start)
  // Nothing but a query or a syntax error begins with a parenthesis, a quote, a digit or an operator.
  if (end === start) return PLAIN
  if (end - start <= LONGEST) {
    for (const entry of BY_SHAPE[shapeOf(text, start, end)] ?? []) {
      if (equalsWord(text, start, end, entry.word)) return entry.rule
    }
  }
  return isPlainAscii(text, start, end) ? UNKNOWN : PLAIN
}

/** No keyword of any version has other letters, and a text that begins with a byte order mark should get the server's word on it. */
function isPlainAscii(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (text.charCodeAt(at) >= 0x80) return false
  return true
}
