const TAB = 0x09
const NEWLINE = 0x0a
const RETURN = 0x0d
const SPACE = 0x20
const STAR = 0x2a
const DASH = 0x2d
const SLASH = 0x2f

/**
 * White space of scan.l: space, tab, newline, vertical tab, form feed, return. PostgreSQL 15 knows no vertical tab and
 * answers a syntax error, so that reading it as white space refuses nothing that runs. Unicode spaces and the byte
 * order mark are not in the set: to the server they are letters.
 */
export function isBlank(code: number): boolean {
  return code === SPACE || (code >= TAB && code <= RETURN)
}

/** Where the white space and comments that begin at `from` end. An unterminated comment ends with the text. */
export function skipBlanks(text: string, from: number): number {
  const { length } = text
  let at = from
  while (at < length) {
    const code = text.charCodeAt(at)
    if (isBlank(code)) at++
    else if (code === DASH && text.charCodeAt(at + 1) === DASH) at = skipLineComment(text, at + 2)
    else if (code === SLASH && text.charCodeAt(at + 1) === STAR) at = skipBlockComment(text, at + 2)
    else break
  }
  return at
}

/** Ends at a newline or a return, and at nothing else: not at U+2028, U+0085 or a vertical tab. */
export function skipLineComment(text: string, from: number): number {
  const { length } = text
  let at = from
  while (at < length) {
    const code = text.charCodeAt(at)
    if (code === NEWLINE || code === RETURN) break
    at++
  }
  return at
}

/** Block comments nest, and nothing inside them is a quote or a line comment. */
function skipBlockComment(text: string, from: number): number {
  const { length } = text
  let depth = 1
  let at = from
  while (at < length) {
    const code = text.charCodeAt(at)
    if (code === STAR && text.charCodeAt(at + 1) === SLASH) {
      at += 2
      if (--depth === 0) return at
    } else if (code === SLASH && text.charCodeAt(at + 1) === STAR) {
      at += 2
      depth++
    } else at++
  }
  return length
}
