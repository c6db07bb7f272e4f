import { readSqlTokens, type SqlToken } from './sql-tokens.ts'

/** A text that sets a setting. */
export interface SettingChange {
  /** In lower case, as PostgreSQL compares names of settings; undefined where the text shows nothing of it. */
  readonly setting: string | undefined
  /** `unknown` where a value decides that the text does not show. */
  readonly lasts: 'transaction' | 'session' | 'unknown'
  /** SET rather than a call of set_config(). */
  readonly isStatement: boolean
  /** Where it begins in the tokens. */
  readonly index: number
}

/** What stands right before a statement within a text or a PL/pgSQL body. */
const BEFORE_STATEMENT = new Set([';', 'begin', 'then', 'else', 'loop'])

/** What no setting is called: words of the grammar behind SET [LOCAL]. */
const NOT_SETTINGS = new Set(['constraints', 'transaction', 'characteristics'])

/** Finds where a text changes settings: SET and set_config(), not inside of strings. */
export function settingChanges(tokens: readonly SqlToken[]): readonly SettingChange[] {
  return tokens.flatMap((token, index) => {
    if (token.kind !== 'word') return []
    const change =
      token.text === 'set'
        ? readSet(tokens, index)
        : token.text === 'set_config'
          ? readCall(tokens, index)
          : undefined
    return change ? [change] : []
  })
}

/** The same, also in the strings of the text, which EXECUTE may run; other languages have them in double quotes. */
export function settingChangesWithin(text: string): readonly SettingChange[] {
  const tokens = readSqlTokens(text)
  const inner = tokens.filter(
    ({ kind, text: value }) =>
      (kind === 'string' || kind === 'quoted') && /\bset(?:_config\s*\(|\s)/i.test(value),
  )
  return [...settingChanges(tokens), ...inner.flatMap(({ text: value }) => settingChangesWithin(value))]
}

/** `SET [SESSION | LOCAL] name { TO | = } value`; the keywords are no reserved words, so a name may be one. */
function readSet(tokens: readonly SqlToken[], index: number): SettingChange | undefined {
  const before = tokens[index - 1]
  if (before && !(before.kind !== 'quoted' && before.kind !== 'string' && BEFORE_STATEMENT.has(before.text)))
    return
  const scope = tokens[index + 1]?.text
  const scoped = (scope === 'local' || scope === 'session') && isName(tokens[index + 2])
  const from = index + (scoped ? 2 : 1)
  const lasts = scoped && scope === 'local' ? 'transaction' : 'session'
  const special = readSpecial(tokens, index + 1) ?? (scoped ? readSpecial(tokens, from) : undefined)
  if (special !== undefined) return { setting: special, lasts, isStatement: true, index }
  const name = readName(tokens, from)
  if (!name || NOT_SETTINGS.has(name.setting ?? '')) return
  const sign = tokens[name.next]
  const isAssigned = sign?.text === '=' || (sign?.kind === 'word' && sign.text === 'to')
  return isAssigned ? { setting: name.setting, lasts, isStatement: true, index } : undefined
}

/** The forms without `=` or TO. */
function readSpecial(tokens: readonly SqlToken[], from: number): string | undefined {
  const [first, second, third] = [tokens[from], tokens[from + 1], tokens[from + 2]]
  if (first?.kind !== 'word' || !second) return
  const isValue = (token: SqlToken | undefined) =>
    token !== undefined && token.text !== '=' && token.text !== 'to' && token.text !== ','
  if (first.text === 'time' && second.text === 'zone' && isValue(third)) return 'timezone'
  if (first.text === 'session' && second.text === 'authorization' && isValue(third))
    return 'session_authorization'
  if (first.text === 'role' && isValue(second) && second.kind !== 'symbol') return 'role'
  return
}

function isName(token: SqlToken | undefined): boolean {
  if (token?.kind === 'word') return token.text !== 'to' && token.text !== 'from'
  return token?.kind === 'quoted' || token?.kind === 'placeholder'
}

function readName(
  tokens: readonly SqlToken[],
  from: number,
): { setting: string | undefined; next: number } | undefined {
  const parts: SqlToken[] = []
  let at = from
  for (;;) {
    const token = tokens[at]
    if (!token || !isName(token)) return
    parts.push(token)
    at++
    if (tokens[at]?.text !== '.') break
    at++
  }
  const isKnown = parts.some(({ kind }) => kind !== 'placeholder')
  return { setting: isKnown ? parts.map(({ text }) => text.toLowerCase()).join('.') : undefined, next: at }
}

/** `set_config(setting_name, new_value, is_local)`, with arguments by position or by name. */
function readCall(tokens: readonly SqlToken[], index: number): SettingChange | undefined {
  const call = readArguments(tokens, index + 1)
  if (!call) return
  const argument = (position: number, name: string) =>
    call
      .find((tokens) => tokens[0]?.text === name && tokens[1]?.text === '=' && tokens[2]?.text === '>')
      ?.slice(3) ??
    call[position] ??
    []
  const [name] = argument(0, 'setting_name')
  return {
    setting: name?.kind === 'string' ? name.text.toLowerCase() : undefined,
    lasts: readIsLocal(argument(2, 'is_local')),
    isStatement: false,
    index,
  }
}

function readIsLocal([value, ...rest]: readonly SqlToken[]): SettingChange['lasts'] {
  if (!value || rest.some(({ text }) => text !== ':' && text !== 'bool' && text !== 'boolean'))
    return 'unknown'
  if (value.kind !== 'word' && value.kind !== 'string') return 'unknown'
  if (/^(?:t|true|y|yes|on|1)$/i.test(value.text)) return 'transaction'
  return /^(?:f|false|n|no|off|0)$/i.test(value.text) ? 'session' : 'unknown'
}

/** The arguments of a call whose parenthesis opens at `from`. */
function readArguments(
  tokens: readonly SqlToken[],
  from: number,
): readonly (readonly SqlToken[])[] | undefined {
  if (tokens[from]?.text !== '(' || tokens[from]?.kind !== 'symbol') return
  const call: SqlToken[][] = [[]]
  let depth = 1
  for (const token of tokens.slice(from + 1)) {
    const symbol = token.kind === 'symbol' ? token.text : ''
    if (symbol === '(' || symbol === '[') depth++
    else if (symbol === ')' || symbol === ']') depth--
    if (depth === 0) return call
    if (symbol === ',' && depth === 1) call.push([])
    else call.at(-1)?.push(token)
  }
  return call
}
