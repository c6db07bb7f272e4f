/**
 * Freezes plain objects and arrays, all the way down, since all callers in a process are given the same. Dates, maps, sets and buffers
 * cannot be frozen.
 */
export function freezeDeeply<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  const prototype: unknown = Object.getPrototypeOf(value)
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return value
  for (const item of Object.values(value)) freezeDeeply(item)
  return Object.freeze(value)
}
