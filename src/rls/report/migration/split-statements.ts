/** One statement of a script. */
export interface Statement {
  /** As it was written, from its first word to its semicolon. */
  readonly text: string
  /** Its words in lower case: without comments, and with what is quoted left out. */
  readonly words: string
}

/**
 * The tokens in which a semicolon does not end a statement; an identifier is one so that a `$` in it opens no quote.
 *
 * @see https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
const TOKEN =
  /(?<text>\b[eE]'(?:[^'\\]|''|\\[\s\S])*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(?<tag>(?:[\p{L}_][\p{L}\p{N}_]*)?)\$[\s\S]*?\$\k<tag>\$)|(?<comment>--[^\n]*|\/\*[\s\S]*?\*\/)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|[\s\S]/gu

/** Splits a script into its statements. What follows the last semicolon is a statement too, unless it is blank. */
export function splitStatements(script: string): readonly Statement[] {
  const statements: Statement[] = []
  let text = ''
  let words = ''
  let depth = 0
  const end = () => {
    if (/[^;\s]/.test(words))
      statements.push({ text: text.trim(), words: words.trim().replaceAll(/\s+/g, ' ') })
    text = ''
    words = ''
  }
  for (const { 0: token, groups = {} } of script.matchAll(TOKEN)) {
    text += token
    words += groups.text === undefined && groups.comment === undefined ? token.toLowerCase() : ' '
    // A rule's actions stand between parentheses, each with a semicolon.
    if (token === '(') depth += 1
    if (token === ')') depth -= 1
    if (token === ';' && depth === 0) end()
  }
  end()
  return statements
}
