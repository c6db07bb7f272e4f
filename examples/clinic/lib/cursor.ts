/** The key of the last row of a page, as an address carries it to the next. */
export function writeCursor(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/** @returns nothing for what is none that `writeCursor` made */
export function readCursor(cursor: string, parts: number): readonly string[] | undefined {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(key) && key.length === parts && key.every((part) => typeof part === 'string'))
      return key
  } catch {
    // Not JSON.
  }
  return undefined
}

/** Has a text stand for itself in a pattern of LIKE. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}
