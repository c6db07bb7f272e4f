import { RequestRefusedError } from '@clinic/kit'

/** The key of the last row of a page, as a client carries it to the next. */
export function writeCursor(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/** @throws {RequestRefusedError} 400: it is none that `writeCursor` made */
export function readCursor(cursor: string, parts: number): readonly string[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(key) && key.length === parts && key.every((part) => typeof part === 'string'))
      return key
  } catch {
    // Not JSON.
  }
  throw new RequestRefusedError(400, 'The page that is asked for is none.')
}

/** Has a text stand for itself in a pattern of LIKE. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}
