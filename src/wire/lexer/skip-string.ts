import { isBlank, skipLineComment } from './blanks.ts'
import { isWordStart } from './words.ts'

const QUOTE = 0x27
const BACKSLASH = 0x5c
const DASH = 0x2d
const DOLLAR = 0x24

/**
 * Where the quoted string whose opening quote is at `from` ends, past its closing quote.
 *
 * A string goes on in the next one when only white space and line comments with a newline among them lie between the two
 * (scan.l `quotecontinue`), and it goes on under the rules of the first: `E'a'\n'\''` is one string.
 */
export function skipString(text: string, from: number, backslashEscapes: boolean): number {
  let at = from
  for (;;) {
    at = skipPiece(text, at + 1, backslashEscapes)
    const next = continuation(text, at)
    if (next < 0) return at
    at = next
  }
}

function skipPiece(text: string, from: number, backslashEscapes: boolean): number {
  const { length } = text
  let at = from
  while (at < length) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      if (text.charCodeAt(at + 1) !== QUOTE) return at + 1
      at += 2
    } else at += backslashEscapes && code === BACKSLASH ? 2 : 1
  }
  return length
}

/** The position of the quote that continues the string, or -1. */
function continuation(text: string, from: number): number {
  const { length } = text
  let newlines = 0
  let at = from
  while (at < length) {
    const code = text.charCodeAt(at)
    if (isBlank(code)) {
      if (code === 0x0a || code === 0x0d) newlines++
      at++
    } else if (code === DASH && text.charCodeAt(at + 1) === DASH) at = skipLineComment(text, at + 2)
    else return code === QUOTE && newlines > 0 ? at : -1
  }
  return -1
}

/** Where the quoted identifier whose opening quote is at `from` ends; a doubled quote stands for one. */
export function skipQuotedIdentifier(text: string, from: number): number {
  const { length } = text
  let at = from + 1
  while (at < length) {
    const close = text.indexOf('"', at)
    if (close < 0) return length
    if (text[close + 1] !== '"') return close + 1
    at = close + 2
  }
  return length
}

/**
 * Where the dollar-quoted string that begins at `from` ends, or `from` when none begins there. The tag is an identifier
 * without dollar signs, and the string ends at the first repetition of its delimiter.
 */
export function skipDollarString(text: string, from: number): number {
  const { length } = text
  let at = from + 1
  if (at < length && isWordStart(text.charCodeAt(at))) {
    at++
    while (at < length && isTagPart(text.charCodeAt(at))) at++
  }
  if (text.charCodeAt(at) !== DOLLAR) return from
  const delimiter = text.slice(from, at + 1)
  const close = text.indexOf(delimiter, at + 1)
  return close < 0 ? length : close + delimiter.length
}

function isTagPart(code: number): boolean {
  return isWordStart(code) || (code >= 0x30 && code <= 0x39)
}
