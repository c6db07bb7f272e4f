import { isPlain } from './freeze-deeply.ts'

/**
 * What a caller is given of a frozen value that others are given too: copies of the dates, maps, sets and buffers in it, which no freezing
 * protects, and of what leads to them, frozen again; the rest is shared. A value that has none of them is given as it is, and so are
 * instances of classes, which no value of `taggedJson` has.
 */
export function handOut<T>(frozen: T): T {
  // Each branch gives back what it was given, or a copy of it.
  return copyOf(frozen) as T
}

function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return copyOfArray(value)
  if (value instanceof Date) return new Date(value)
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [copyOf(key), copyOf(item)]))
  if (value instanceof Set) return new Set([...value].map(copyOf))
  if (Buffer.isBuffer(value)) return Buffer.from(value)
  if (value instanceof Uint8Array) return Uint8Array.from(value)
  // What else a codec may make, only it can copy.
  return isPlain(value) ? copyOfObject(value as Readonly<Record<string, unknown>>) : value
}

function copyOfArray(items: readonly unknown[]): readonly unknown[] {
  let copy: unknown[] | undefined
  for (let index = 0; index < items.length; index += 1) {
    const item = copyOf(items[index])
    if (Object.is(item, items[index])) continue
    copy ??= [...items]
    copy[index] = item
  }
  return copy ? Object.freeze(copy) : items
}

function copyOfObject(object: Readonly<Record<string, unknown>>): object {
  const changed: [string, unknown][] = []
  for (const key of Object.keys(object)) {
    const item = copyOf(object[key])
    if (!Object.is(item, object[key])) changed.push([key, item])
  }
  if (changed.length === 0) return object
  const isBare = Object.getPrototypeOf(object) === null
  const copy: Record<string, unknown> = isBare ? Object.assign(Object.create(null), object) : { ...object }
  // A spread has defined `__proto__` too, so that an assignment meets an own property.
  for (const [key, item] of changed) copy[key] = item
  return Object.freeze(copy)
}
