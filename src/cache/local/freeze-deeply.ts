/**
 * Freezes plain objects and arrays, all the way down and also inside of maps and sets, since all callers in a process are given the same.
 * Dates, maps, sets and buffers themselves cannot be frozen: see {@link handOut}.
 */
export function freezeDeeply<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Map) {
    for (const entry of value) entry.forEach(freezeDeeply)
  } else if (value instanceof Set) {
    for (const item of value) freezeDeeply(item)
  } else if (isPlain(value) && !Object.isFrozen(value)) {
    // First, so that what contains itself comes to an end.
    Object.freeze(value)
    for (const item of Object.values(value)) freezeDeeply(item)
  }
  return value
}

/** Whether it is what freezing makes unchangeable: an array, an object literal, or an object without a prototype. */
export function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
