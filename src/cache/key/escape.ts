/** Bytes that stand for themselves in a key: none of them means anything to Redis, or to the layout of keys. */
const PLAIN = /^[A-Za-z0-9_-]+$/
/**
 * A tag is the end of its key, where nothing is left to be told apart: `patient:1` is read by people too. So is that of one value, as
 * {@link ownTag} writes it.
 */
const PLAIN_TAG = /^(?:[A-Za-z0-9_:.-]+|=[A-Za-z0-9_~-]+=[A-Za-z0-9_.~-]+)$/

/**
 * Writes any text so that no braces, colons, bars or bytes beyond ASCII are left in it, and no two texts become one: as it is
 * where it is plain, else `~` and its UTF-8 in base64url, which is never plain, as `~` is not.
 *
 * @throws {RangeError} a lone surrogate, which UTF-8 cannot tell from another
 */
export function escapeText(text: string): string {
  return PLAIN.test(text) ? text : encode(text)
}

/** The same for the last text of a key. @throws {RangeError} */
export function escapeTag(tag: string): string {
  return PLAIN_TAG.test(tag) ? tag : encode(tag)
}

/** The text behind an escaped one. */
export function unescapeText(escaped: string): string {
  return escaped.startsWith('~') ? Buffer.from(escaped.slice(1), 'base64url').toString('utf8') : escaped
}

/**
 * The tag of one value. Texts as callers write them do not begin like this; one that did would stand for the same value.
 *
 * @param name of its definition, escaped
 * @param parts of its key, as {@link encodeParts} gives them
 */
export function ownTag(name: string, parts: string): string {
  return `=${name}=${parts}`
}

function encode(text: string): string {
  if (!text.isWellFormed()) throw new RangeError('A text of a cache key must be well-formed Unicode.')
  return `~${Buffer.from(text, 'utf8').toString('base64url')}`
}
