/** `placeholder` stands for a value that is put into the text when the program runs; `parameter` is `$1`. */
export type SqlTokenKind = 'word' | 'quoted' | 'string' | 'parameter' | 'placeholder' | 'number' | 'symbol'

export interface SqlToken {
  readonly kind: SqlTokenKind
  /** A word in lower case, a quoted name without its quotes, what a string holds, or the symbol. */
  readonly text: string
  /** Where it begins, in UTF-16 units. */
  readonly start: number
}

/** Stands in a text for whatever a template literal has between `${` and `}`. No SQL has this character. */
export const PLACEHOLDER = '\u{e000}'

/** In the order in which they are tried; each is anchored by the sticky flag. */
const PATTERNS: readonly { readonly kind: SqlTokenKind | 'blank'; readonly pattern: RegExp }[] = [
  { kind: 'blank', pattern: /(?:\s|--[^\n\r]*)+/y },
  { kind: 'placeholder', pattern: /\u{e000}/uy },
  { kind: 'string', pattern: /[eE]'(?:[^'\\]|''|\\[\s\S]?)*(?:'|$)/y },
  { kind: 'string', pattern: /(?:[bBnNxX]|[uU]&)?'(?:[^']|'')*(?:'|$)/y },
  { kind: 'quoted', pattern: /(?:[uU]&)?"(?:[^"]|"")*(?:"|$)/y },
  { kind: 'parameter', pattern: /\$\d+/y },
  {
    kind: 'string',
    pattern:
      /\$(?<tag>(?:[A-Za-z_\u{80}-\u{dfff}\u{e001}-\u{10ffff}][\w\u{80}-\u{dfff}\u{e001}-\u{10ffff}]*)?)\$[\s\S]*?(?:\$\k<tag>\$|$(?![\s\S]))/uy,
  },
  {
    kind: 'word',
    pattern: /[A-Za-z_\u{80}-\u{dfff}\u{e001}-\u{10ffff}][\w$\u{80}-\u{dfff}\u{e001}-\u{10ffff}]*/uy,
  },
  { kind: 'number', pattern: /\d[\w.]*/y },
  { kind: 'symbol', pattern: /[\s\S]/uy },
]

/**
 * Takes a text apart as PostgreSQL's scanner does (scan.l), as far as telling statements apart needs it. It reads
 * what a source holds, so that it never fails: what is not closed goes on to the end.
 */
export function readSqlTokens(text: string): readonly SqlToken[] {
  const tokens: SqlToken[] = []
  let at = 0
  while (at < text.length) {
    const comment = skipBlockComment(text, at)
    if (comment > at) {
      at = comment
      continue
    }
    const [kind, raw] = readToken(text, at)
    if (kind !== 'blank') tokens.push({ kind, text: contentOf(kind, raw), start: at })
    at += raw.length
  }
  return tokens
}

function readToken(text: string, at: number): readonly [SqlTokenKind | 'blank', string] {
  for (const { kind, pattern } of PATTERNS) {
    pattern.lastIndex = at
    const raw = pattern.exec(text)?.[0]
    if (raw) return [kind, raw]
  }
  return ['symbol', text.charAt(at)]
}

/** Comments in `/*` nest. */
function skipBlockComment(text: string, from: number): number {
  if (!text.startsWith('/*', from)) return from
  let depth = 1
  let at = from + 2
  while (at < text.length && depth > 0) {
    if (text.startsWith('/*', at)) depth++
    else if (text.startsWith('*/', at)) depth--
    else {
      at++
      continue
    }
    at += 2
  }
  return at
}

function contentOf(kind: SqlTokenKind | 'blank', raw: string): string {
  switch (kind) {
    case 'word':
      return raw.toLowerCase()
    case 'quoted':
      return raw
        .replace(/^(?:[uU]&)?"/, '')
        .replace(/"$/, '')
        .replaceAll('""', '"')
    case 'string':
      return stringValue(raw)
    default:
      return raw
  }
}

function stringValue(raw: string): string {
  const delimiter = /^\$[^$]*\$/.exec(raw)?.[0]
  if (delimiter !== undefined) {
    const body = raw.slice(delimiter.length)
    return body.endsWith(delimiter) ? body.slice(0, -delimiter.length) : body
  }
  return raw
    .replace(/^(?:[bBeEnNxX]|[uU]&)?'/, '')
    .replace(/'$/, '')
    .replaceAll("''", "'")
}
