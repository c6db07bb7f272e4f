/**
 * The only key of an object that stands for something else: `{"$":["Date",0]}`. An own key that is made of nothing but dollars gets
 * one more, so that no value of the caller's looks like a tag.
 */
export const TAG = '$'

const DOLLAR = 0x24
const DOLLARS = /^\$+$/

/** Whether an own key is written as another. */
export function isEscapedKey(key: string): boolean {
  // Nearly no key begins with a dollar: the expression is not asked for the others.
  return key.charCodeAt(0) === DOLLAR && DOLLARS.test(key)
}

/** The key under which an own key is written. */
export function escapeKey(key: string): string {
  return isEscapedKey(key) ? `${TAG}${key}` : key
}

/** The own key behind a written one. */
export function unescapeKey(key: string): string {
  return isEscapedKey(key) ? key.slice(1) : key
}

/** Puts a value in a tag's place. */
export function tagged(name: string, ...content: readonly unknown[]): object {
  return { [TAG]: [name, ...content] }
}
