import { skipBlanks } from './blanks.ts'
import { classifyCreate } from './create-statement.ts'
import { classifyDeclare } from './declare-statement.ts'
import { skipExplain } from './explain-statement.ts'
import { Scanner } from './scanner.ts'
import { classifySet } from './set-statement.ts'
import { PLAIN, refused, type StatementClass } from './statement-class.ts'
import { type Examination, keywordRule, UNKNOWN } from './statement-keywords.ts'

const SEMICOLON = 0x3b
const NUL_TEXT = refused('A text with a NUL character', 'nul-character')
const PREPARE = refused('PREPARE', 'prepared-statement')
const PREPARE_TRANSACTION = refused('PREPARE TRANSACTION', 'transaction-control')

/**
 * Says, before a byte of it is sent, whether a caller's text may run, must run alone, or is refused.
 *
 * It holds for a text that is sent as the one statement of a Parse message on a connection whose client encoding is
 * UTF-8: the server itself refuses a second statement (42601). The answer is a shared frozen object. A text that the
 * server would answer with a syntax error may get any answer. What a text cannot show (functions, CALL, DO, SELECT INTO
 * TEMP) is left to the checks of the replies and to the rights of the role.
 */
export function classify(text: string): StatementClass {
  if (text.includes('\0')) return NUL_TEXT
  const start = skipToStatement(text)
  const rule = keywordRule(text, start)
  return rule.kind === 'examine' ? examine(rule.command, text, start) : rule
}

/** The server skips empty statements, so that `;;begin` is one BEGIN. */
function skipToStatement(text: string): number {
  let at = skipBlanks(text, 0)
  while (text.charCodeAt(at) === SEMICOLON) at = skipBlanks(text, at + 1)
  return at
}

/**
 * Where strings can stand before the words that decide, the text is read under both meanings of a backslash, since what
 * standard_conforming_strings is at the server is not known here.
 */
function examine(command: Examination['command'], text: string, start: number): StatementClass {
  const behind = start + command.length
  const reading = examineOnce(command, text, behind, false)
  if (reading.kind !== 'plain' || !text.includes('\\')) return reading
  return examineOnce(command, text, behind, true)
}

function examineOnce(
  command: Examination['command'],
  text: string,
  from: number,
  backslashEscapes: boolean,
): StatementClass {
  switch (command) {
    case 'CREATE':
      return classifyCreate(text, from, backslashEscapes)
    case 'DECLARE':
      return classifyDeclare(text, from)
    case 'EXPLAIN':
      return classifyExplained(text, skipExplain(text, from, backslashEscapes), backslashEscapes)
    case 'PREPARE':
      return classifyPrepare(text, from)
    case 'SET':
      return classifySet(text, from)
  }
}

/** Of the statements that need a closer look the server explains DECLARE and CREATE alone (`ExplainableStmt` in gram.y). */
function classifyExplained(text: string, start: number, backslashEscapes: boolean): StatementClass {
  const rule = keywordRule(text, start)
  if (rule === UNKNOWN) return PLAIN // such as the UNION behind a parenthesised VALUES
  if (rule.kind !== 'examine') return rule
  if (rule.command === 'EXPLAIN') return PLAIN
  return examineOnce(rule.command, text, start + rule.command.length, backslashEscapes)
}

function classifyPrepare(text: string, from: number): StatementClass {
  const scanner = new Scanner(text, from, false)
  scanner.next()
  return scanner.isWord('transaction') ? PREPARE_TRANSACTION : PREPARE
}
