import { describe, expect, it } from 'vitest'
import { entryKeys } from '../../../src/cache/key/entry-keys.ts'
import { slotOf, tagFence, tenantFence } from '../../../src/cache/key/fence-key.ts'
import { encodeParts } from '../../../src/cache/key/key-parts.ts'
import { CHANGES, identityOf, type KeySource, keySources, randomFrom } from './generated-keys.ts'

const PAIRS = 1_000_000
const SEED = 20_261_123

const keysOf = (source: KeySource) =>
  entryKeys({ ...source, slot: slotOf(source), parts: encodeParts(source.parts) })

const valueKey = (source: KeySource) => keysOf({ ...source, tags: [] }).value

describe('The keys of a value', () => {
  it(`are its own: ${PAIRS} pairs, each as alike as can be, share a key only where they are the same`, () => {
    const next = keySources(randomFrom(SEED))
    const owners = new Map<string, string>()
    let [pairs, different] = [0, 0]
    while (pairs < PAIRS) {
      const source = next()
      const [key, name] = [valueKey(source), identityOf(source)]
      for (const change of CHANGES) {
        const other = change(source, next)
        const [otherKey, otherName] = [valueKey(other), identityOf(other)]
        if ((key === otherKey) !== (name === otherName)) throw new Error(`${name} and ${otherName}: ${key}`)
        pairs += 1
        if (name !== otherName) different += 1
      }
      // And each against all before it.
      if ((owners.get(key) ?? name) !== name) throw new Error(`${name} and ${owners.get(key)}: ${key}`)
      owners.set(key, name)
    }
    expect(different).toBeGreaterThan(PAIRS / 2)
  }, 60_000)

  it('lie in one slot, which no part of them can change', () => {
    const next = keySources(randomFrom(SEED + 1))
    const wrong: string[] = []
    for (let count = 0; count < 5_000; count += 1) {
      const source = next()
      const { value, lease, wake, fences } = keysOf(source)
      const slot = slotOf(source)
      for (const key of [value, lease, wake, ...fences]) {
        // What Redis takes for the hash tag: from the first brace to the next closing one.
        const tag = key.slice(key.indexOf('{'), key.indexOf('}') + 1)
        const isPlain = /^[^{}]*[vlwf]:\{[\w~-]+\|[\w~-]+\}:[\w~:.*-]+$/.test(key)
        if (tag !== slot || !isPlain) wrong.push(key)
      }
    }
    expect(wrong).toEqual([])
  })

  it('are no longer than a few hundred bytes, however long its parts are', () => {
    expect(encodeParts(['x'.repeat(1_000_000), 1n])).toHaveLength(44)
    expect(encodeParts(['x'.repeat(1_000_000), 1n])).not.toBe(encodeParts(['x'.repeat(1_000_000), 1]))
  })

  it('name each fence once, that of the tenant first', () => {
    const slot = { prefix: 'p:', tenant: 't', group: 'g' }
    expect(
      entryKeys({ prefix: 'p:', slot: slotOf(slot), scope: 's', parts: '1.sa', tags: ['b:1', 'a}', 'b:1'] }),
    ).toEqual({
      value: 'p:v:{t|g}:s:1.sa',
      lease: 'p:l:{t|g}:s:1.sa',
      wake: 'p:w:{t|g}:s:1.sa',
      fences: ['p:f:{t|g}:*', 'p:f:{t|g}:b:1', 'p:f:{t|g}:~YX0'],
    })
  })
})

describe('A fence', () => {
  const slot = { prefix: 'p:', tenant: 't', group: 'g' }

  it('of a tag is never that of the tenant', () => {
    for (const tag of ['*', '~*', '', '~', 'Kg', '~Kg'])
      expect(tagFence(slot, tag)).not.toBe(tenantFence(slot))
  })

  it('stands for one tag of one tenant and group', () => {
    const next = keySources(randomFrom(SEED + 2))
    const owners = new Map<string, string>()
    for (let count = 0; count < 20_000; count += 1) {
      const { prefix, tenant, group, tags } = next()
      for (const tag of tags) {
        const name = JSON.stringify([prefix, tenant, group, tag])
        const fence = tagFence({ prefix, tenant, group }, tag)
        if ((owners.get(fence) ?? name) !== name)
          throw new Error(`${name} and ${owners.get(fence)}: ${fence}`)
        owners.set(fence, name)
      }
    }
    expect(owners.size).toBeGreaterThan(5_000)
  })

  it('is the same whether it is made for a value or for its tag', () => {
    const source = { prefix: slot.prefix, slot: slotOf(slot), scope: 's', parts: '0' }
    const tags = ['a', 'a:1', '', '*', '~', 'é', 'a b']
    expect(entryKeys({ ...source, tags }).fences).toEqual([
      tenantFence(slot),
      ...tags.map((tag) => tagFence(slot, tag)),
    ])
  })

  it('is refused a tag that has no UTF-8', () => {
    expect(() => tagFence(slot, 'a\ud800')).toThrow(RangeError)
  })
})
