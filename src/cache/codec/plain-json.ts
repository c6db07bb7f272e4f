import { isEscapedKey } from './tag.ts'

/**
 * Arrays and objects inside of one another: far above what a value has, and far below where the stack ends. A value that
 * contains itself ends here too.
 */
export const DEEPEST = 500

/**
 * Whether `JSON.parse(JSON.stringify(value))` is the value again, so that nothing needs a tag. Makes nothing, since most values pass;
 * where it cannot tell, the answer is no.
 */
export function isPlainJson(value: unknown, depth = 0): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0)
  if (typeof value !== 'object' || depth >= DEEPEST) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Array.prototype) return isPlainArray(value as readonly unknown[], depth + 1)
  return prototype === Object.prototype && isPlainObject(value as Record<string, unknown>, depth + 1)
}

function isPlainArray(items: readonly unknown[], depth: number): boolean {
  // By index, since the array's own iteration passes over holes, which JSON makes nulls.
  for (let index = 0; index < items.length; index += 1) {
    if (!isPlainJson(items[index], depth)) return false
  }
  return true
}

function isPlainObject(object: Readonly<Record<string, unknown>>, depth: number): boolean {
  for (const key of Object.keys(object)) {
    if (isEscapedKey(key) || !isPlainJson(object[key], depth)) return false
  }
  return Object.getOwnPropertySymbols(object).length === 0
}
