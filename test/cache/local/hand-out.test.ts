import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { freezeDeeply } from '../../../src/cache/local/freeze-deeply.ts'
import { handOut } from '../../../src/cache/local/hand-out.ts'

const make = () => ({
  name: 'a',
  plain: { list: [1, { a: 1 }] },
  rows: [{ at: new Date(5), raw: Buffer.from('raw') }, { at: null }],
  map: new Map([['key', { tags: new Set(['x']), list: [1] }]]),
  bytes: Uint8Array.of(1, 2),
})

/** Tries to change everything in a value, as a caller who thinks it is theirs would. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  const attempt = (change: () => void) => {
    try {
      change()
    } catch {
      // Frozen.
    }
  }
  if (value instanceof Map || value instanceof Set) {
    for (const entry of [...value]) spoil(entry)
    value.clear()
  } else if (value instanceof Date) value.setTime(0)
  else if (value instanceof Uint8Array) value.fill(0)
  else {
    for (const item of Object.values(value)) spoil(item)
    attempt(() => Object.assign(value, { spoilt: true }))
    for (const key of Object.keys(value)) attempt(() => delete (value as Record<string, unknown>)[key])
  }
}

describe('A frozen value', () => {
  it('cannot be changed in its objects and arrays, also inside of maps and sets', () => {
    const frozen = freezeDeeply({
      list: [{ a: 1 }],
      map: new Map([[{ k: 1 }, [1]]]),
      set: new Set([{ b: 1 }]),
    })
    const [[key, item] = []] = frozen.map
    const [member] = frozen.set
    for (const part of [frozen, frozen.list, frozen.list[0], key, item, member]) {
      expect(part).toBeDefined()
      expect(Object.isFrozen(part)).toBe(true)
    }
  })

  it('may be nothing, a text, or what contains itself', () => {
    const circle: { inner?: object } = {}
    circle.inner = circle
    expect(freezeDeeply(circle).inner).toBe(circle)
    expect([undefined, null, 'a', 1n].map(freezeDeeply)).toEqual([undefined, null, 'a', 1n])
  })
})

describe('What is handed out', () => {
  it('is the value, with copies of its own of what no freezing protects', () => {
    const kept = freezeDeeply(make())
    const [one, other] = [handOut(kept), handOut(kept)]
    expect(one).toStrictEqual(kept)
    expect(one.plain).toBe(kept.plain)
    expect(one.rows[1]).toBe(kept.rows[1])
    for (const pick of [
      (value: typeof kept) => value.rows[0]?.at,
      (value: typeof kept) => value.rows[0]?.raw,
      (value: typeof kept) => value.map,
      (value: typeof kept) => value.map.get('key')?.tags,
      (value: typeof kept) => value.bytes,
    ]) {
      expect(pick(one)).toBeDefined()
      expect(pick(one)).not.toBe(pick(other))
      expect(pick(one)).not.toBe(pick(kept))
    }
    expect(Object.isFrozen(one)).toBe(true)
    expect(Object.isFrozen(one.rows)).toBe(true)
  })

  it('can be spoilt by one caller without the next one noticing', () => {
    const kept = freezeDeeply(make())
    spoil(handOut(kept))
    expect(handOut(kept)).toStrictEqual(make())
  })

  it('is the very value where all of it is frozen, also where it holds NaN', () => {
    const kept = freezeDeeply({ a: [Number.NaN, -0, { b: 'c' }], d: Number.NaN })
    expect(handOut(kept)).toBe(kept)
  })

  it('keeps any value, its prototypes and keys', () => {
    const value = fc.anything({
      withDate: true,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
      withBigInt: true,
    })
    fc.assert(
      fc.property(value, (any) => {
        const kept = freezeDeeply(any)
        const before = structuredClone(kept)
        const out = handOut(kept)
        expect(out).toStrictEqual(kept)
        spoil(out)
        expect(handOut(kept)).toEqual(before)
      }),
      { numRuns: 1_000 },
    )
    const odd: unknown = freezeDeeply(
      JSON.parse('{"__proto__":{"a":1},"b":1}', (key, item) => (key === 'b' ? new Date(1) : item)),
    )
    expect(Object.hasOwn(handOut(odd) as object, '__proto__')).toBe(true)
    expect(Object.getPrototypeOf(handOut(odd))).toBe(Object.prototype)
  })
})
