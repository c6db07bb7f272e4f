import { type SettingChange, settingChanges } from './setting-changes.ts'
import { readSqlTokens, type SqlToken } from './sql-tokens.ts'

/** What a statement leaves behind on a connection that other tenants will use. */
export type SessionEffect =
  | 'advisory-lock'
  | 'held-cursor'
  | 'notification-channel'
  | 'prepared-statement'
  | 'session-setting'
  | 'temporary-object'

export interface SessionStatement {
  readonly effect: SessionEffect
  /** The command in fixed words, such as `SET` or `LISTEN`. */
  readonly command: string
  /** Where it begins in the text. */
  readonly index: number
}

const MAY_HOLD_ONE = /\b(?:set|set_config|listen|declare|prepare|create|do|pg_(?:try_)?advisory_lock)/i
const LOCKS = /^pg_(?:try_)?advisory_lock(?:_shared)?$/
/** Settings whose names no sentence holds by chance. */
const UNMISTAKABLE =
  /^(?:search_path|row_security|application_name|work_mem|client_encoding|session_replication_role|\w+_timeout|default_transaction_\w+|enable_\w+)$/
const PLAIN_SETTINGS = new Set([
  'datestyle',
  'intervalstyle',
  'jit',
  'role',
  'session_authorization',
  'timezone',
])

/**
 * Finds statements in a text that change the session.
 *
 * Much that a program holds in strings is no SQL: sentences such as `Listen to them`, and pieces such as `set name =
 * $1` of an UPDATE.
 *
 * @param isQuery the text is handed to something that runs queries, so that it is taken at its word
 */
export function findSessionStatements(text: string, isQuery: boolean): readonly SessionStatement[] {
  if (!MAY_HOLD_ONE.test(text)) return []
  const tokens = readSqlTokens(text)
  const settings = settingChanges(tokens).filter((change) => isSessionSetting(change, tokens, text, isQuery))
  const found: SessionStatement[] = settings.map(({ isStatement, index }) => ({
    effect: 'session-setting',
    command: isStatement ? 'SET' : 'set_config(..., false)',
    index: tokens[index]?.start ?? 0,
  }))
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word') continue
    if (LOCKS.test(token.text) && (tokens[index + 1]?.text === '(' || tokens.length === 1)) {
      found.push({ effect: 'advisory-lock', command: `${token.text}()`, index: token.start })
    }
    if (index > 0 && tokens[index - 1]?.text !== ';') continue
    const statement = statementAt(tokens, index)
    const known = isQuery || isShouted(text, token)
    const leaving = readStatement(statement, known)
    if (leaving) found.push({ ...leaving, index: token.start })
    if (token.text === 'do') found.push(...findInBlock(statement))
  }
  return found.sort((a, b) => a.index - b.index)
}

function statementAt(tokens: readonly SqlToken[], from: number): readonly SqlToken[] {
  const end = tokens.findIndex(({ kind, text }, index) => index > from && kind === 'symbol' && text === ';')
  return tokens.slice(from, end < 0 ? undefined : end)
}

function readStatement(
  statement: readonly SqlToken[],
  isKnown: boolean,
): Pick<SessionStatement, 'effect' | 'command'> | undefined {
  const words = statement
    .map(({ kind, text }) => (kind === 'word' ? text : kind === 'symbol' ? text : '?'))
    .join(' ')
  if (/^listen \S+$/.test(words) && isKnown) return { effect: 'notification-channel', command: 'LISTEN' }
  if (/^prepare \S+ (?:\( .*\) )?as (?:select|insert|update|delete|merge|values|with|table)\b/.test(words)) {
    return { effect: 'prepared-statement', command: 'PREPARE' }
  }
  if (/^declare \S+ .*\bcursor with hold\b/.test(words))
    return { effect: 'held-cursor', command: 'DECLARE ... WITH HOLD' }
  const temporary =
    /^create (?:or replace )?(?:(?:global|local) )?temp(?:orary)? (?:recursive )?(?:table|view|sequence)\b/
  if (temporary.test(words) && !/\bon commit drop\b/.test(words)) {
    return { effect: 'temporary-object', command: 'CREATE TEMPORARY' }
  }
  return undefined
}

/** The body of a DO block runs at once. */
function findInBlock(statement: readonly SqlToken[]): readonly SessionStatement[] {
  const body = statement.find(({ kind }) => kind === 'string')
  const inner = body ? findSessionStatements(body.text, true) : []
  return inner.map((each) => ({ ...each, index: statement[0]?.start ?? 0 }))
}

function isSessionSetting(
  { setting, lasts, isStatement, index }: SettingChange,
  tokens: readonly SqlToken[],
  text: string,
  isQuery: boolean,
): boolean {
  if (lasts !== 'session') return false
  if (!isStatement) return true
  // SET takes no parameters, so that this is a piece of an UPDATE.
  if (statementAt(tokens, index).some(({ kind }) => kind === 'parameter')) return false
  if (isQuery) return true
  if (setting === undefined) return false
  if (setting.includes('.') || UNMISTAKABLE.test(setting)) return true
  const keyword = tokens[index]
  return PLAIN_SETTINGS.has(setting) && keyword !== undefined && isShouted(text, keyword)
}

function isShouted(text: string, { start, text: word }: SqlToken): boolean {
  return text.slice(start, start + word.length) === word.toUpperCase()
}
