/** Letters, underscore and everything beyond ASCII may begin an identifier (scan.l `ident_start`). */
export function isWordStart(code: number): boolean {
  const folded = code | 0x20
  return (folded >= 0x61 && folded <= 0x7a && code < 0x80) || code === 0x5f || code >= 0x80
}

/** Digits and the dollar sign may go on in one (scan.l `ident_cont`). */
export function isWordPart(code: number): boolean {
  return isWordStart(code) || (code >= 0x30 && code <= 0x39) || code === 0x24
}

/** Where the identifier that begins at `from` ends; `from` itself when none begins there. */
export function skipWord(text: string, from: number): number {
  const { length } = text
  if (from >= length || !isWordStart(text.charCodeAt(from))) return from
  let at = from + 1
  while (at < length && isWordPart(text.charCodeAt(at))) at++
  return at
}

/**
 * Whether the text between `start` and `end` is `word`, which must be lower-case ASCII letters and underscores.
 *
 * PostgreSQL folds keywords in ASCII alone (ScanKeywordLookup), so that neither the Kelvin sign nor a dotted capital I
 * makes one. Setting bit 0x20 leads to a lower-case letter from its own two cases only.
 */
export function equalsWord(text: string, start: number, end: number, word: string): boolean {
  const { length } = word
  if (end - start !== length) return false
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(start + i)
    const wanted = word.charCodeAt(i)
    if (code !== wanted && ((code | 0x20) !== wanted || wanted < 0x61)) return false
  }
  return true
}
