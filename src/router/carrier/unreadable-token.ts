/**
 * Stands for a token that was there and could not be taken out of its carrier. Verifying it refuses it as `malformed`; to say
 * that there was none would let a stale read pass for a fresh one.
 */
export const UNREADABLE_TOKEN = '!'

/** What of a token's text can be one; more than that is neither stored nor compared. */
export const TOKEN_TEXT: RegExp = /^[A-Za-z0-9_-]{1,256}$/

/** The text, or what stands for one that cannot be a token. */
export function asTokenText(text: string): string {
  return text.length <= 256 && TOKEN_TEXT.test(text) ? text : UNREADABLE_TOKEN
}

/** @throws {RangeError} a text that could add something to a header */
export function checkTokenText(text: string): string {
  if (TOKEN_TEXT.test(text)) return text
  throw new RangeError('Not the text of a token. Only what issueToken() has written may be carried.')
}
