import { skipBlanks } from './blanks.ts'
import { skipDollarString, skipQuotedIdentifier, skipString } from './skip-string.ts'
import { equalsWord, skipWord } from './words.ts'

/** `unicode` is an identifier `U&"..."`, whose escapes are not decoded; `symbol` is any one other character. */
export type TokenKind = 'end' | 'word' | 'quoted' | 'unicode' | 'string' | 'symbol'

const QUOTE = 0x27
const DOUBLE_QUOTE = 0x22
const DOLLAR = 0x24
const AMPERSAND = 0x26

/**
 * Reads the tokens of a text one by one, as far as telling statements apart needs it: operators and numbers fall into
 * single characters, and the letters behind a digit into a word, which is harmless because no keyword may follow a
 * number without a blank (PostgreSQL 15 and later).
 */
export class Scanner {
  kind: TokenKind = 'end'
  /** The current token lies between `start` and `end`. */
  start: number
  end: number
  readonly #text: string
  readonly #backslashEscapes: boolean

  /** With `backslashEscapes` plain strings are read as a server with `standard_conforming_strings = off` does. */
  constructor(text: string, from: number, backslashEscapes: boolean) {
    this.#text = text
    this.#backslashEscapes = backslashEscapes
    this.start = from
    this.end = from
  }

  /** Moves to the next token. */
  next(): TokenKind {
    this.start = skipBlanks(this.#text, this.end)
    this.kind = this.#read()
    return this.kind
  }

  /** Whether the current token is this keyword (lower case). */
  isWord(word: string): boolean {
    return this.kind === 'word' && equalsWord(this.#text, this.start, this.end, word)
  }

  isSymbol(symbol: string): boolean {
    return this.kind === 'symbol' && this.#text[this.start] === symbol
  }

  /** The name that the current token spells: a word as written, a quoted identifier without its outer quotes. */
  name(): string {
    return this.kind === 'quoted'
      ? this.#text.slice(this.start + 1, this.end - 1)
      : this.#text.slice(this.start, this.end)
  }

  #read(): TokenKind {
    const text = this.#text
    const at = this.start
    this.end = skipWord(text, at)
    if (this.end > at) return this.#readPrefixed()
    if (at >= text.length) return 'end'
    const code = text.charCodeAt(at)
    if (code === QUOTE) this.end = skipString(text, at, this.#backslashEscapes)
    else if (code === DOUBLE_QUOTE) this.end = skipQuotedIdentifier(text, at)
    else if (code === DOLLAR) this.end = skipDollarString(text, at)
    if (this.end > at) return code === DOUBLE_QUOTE ? 'quoted' : 'string'
    this.end = at + 1
    return 'symbol'
  }

  /** A one-letter word right before a quote is the prefix of a string: E escapes, B and X never do, N as plain. */
  #readPrefixed(): TokenKind {
    const text = this.#text
    if (this.end - this.start !== 1) return 'word'
    const next = text.charCodeAt(this.end)
    const prefix = text.charCodeAt(this.start) | 0x20
    if (prefix === 0x75 && next === AMPERSAND) return this.#readUnicode()
    if (next !== QUOTE) return 'word'
    if (prefix === 0x65) this.end = skipString(text, this.end, true)
    else if (prefix === 0x62 || prefix === 0x78) this.end = skipString(text, this.end, false)
    else if (prefix === 0x6e) this.end = skipString(text, this.end, this.#backslashEscapes)
    else return 'word'
    return 'string'
  }

  #readUnicode(): TokenKind {
    const text = this.#text
    const quote = text.charCodeAt(this.end + 1)
    if (quote === DOUBLE_QUOTE) {
      this.end = skipQuotedIdentifier(text, this.end + 1)
      return 'unicode'
    }
    // A backslash is no escape for the quote here, and with standard_conforming_strings off the server refuses the text.
    if (quote === QUOTE) {
      this.end = skipString(text, this.end + 1, false)
      return 'string'
    }
    return 'word'
  }
}
