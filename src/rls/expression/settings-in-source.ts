import { readSqlTokens } from '../source/sql-tokens.ts'

/** For a setting whose name is computed. */
export const COMPUTED = '?'

/**
 * The settings that the source of a function reads with `current_setting`, in lower case, {@link COMPUTED} where the name is
 * no plain text. PostgreSQL keeps such a body as text only, so this goes by its tokens, and misses calls in dynamic SQL.
 */
export function settingsInSource(source: string): ReadonlySet<string> {
  const tokens = readSqlTokens(source)
  const settings = new Set<string>()
  for (const [index, { kind, text }] of tokens.entries()) {
    const isName = kind === 'word' || kind === 'quoted'
    if (!isName || text !== 'current_setting' || tokens[index + 1]?.text !== '(') continue
    const [name, end] = tokens.slice(index + 2)
    const isPlain = name?.kind === 'string' && (end?.text === ',' || end?.text === ')')
    settings.add(isPlain ? name.text.toLowerCase() : COMPUTED)
  }
  return settings
}
