import { describe, expect, it } from 'vitest'
import { LocalValues } from '../../../src/cache/local/local-values.ts'
import { randomFrom } from '../key/generated-keys.ts'

const value = (bytes: number, name = '') => ({ value: name, gens: ['g'], bytes })

describe('The values of a process', () => {
  it('are as many as they may be, those that were asked for last', () => {
    const values = new LocalValues<string>({ maxEntries: 3, maxBytes: 1_000 })
    for (const key of ['a', 'b', 'c']) values.set(key, value(1, key))
    values.get('a')
    values.set('d', value(1))
    expect(['a', 'b', 'c', 'd'].filter((key) => values.get(key))).toEqual(['a', 'c', 'd'])
  })

  it('take as many bytes as they may, and one too large for all takes the place of none', () => {
    const values = new LocalValues<string>({ maxEntries: 100, maxBytes: 10 })
    values.set('a', value(4))
    values.set('b', value(4))
    values.set('c', value(4))
    expect(values.get('a')).toBeUndefined()
    values.set('d', value(11))
    expect(values.size).toBe(2)
    expect(values.get('d')).toBeUndefined()
  })

  it('are replaced, and not by what came before', () => {
    const values = new LocalValues<string>({ maxEntries: 2, maxBytes: 10 })
    values.set('a', value(1, 'old'))
    values.set('a', value(2, 'new'))
    expect(values.get('a')?.value).toBe('new')
    values.set('a', value(11, 'too large'))
    expect(values.get('a')).toBeUndefined()
  })

  it('keep both bounds and count right, whatever is set, asked for and deleted', () => {
    const random = randomFrom(7)
    const [maxEntries, maxBytes] = [8, 100]
    const values = new LocalValues<string>({ maxEntries, maxBytes })
    // What ought to be there: the last asked for at the end.
    let expected: { key: string; bytes: number }[] = []
    for (let turn = 0; turn < 20_000; turn += 1) {
      const key = `k${Math.floor(random() * 16)}`
      const known = expected.find((item) => item.key === key)
      const others = expected.filter((item) => item.key !== key)
      const way = random()
      if (way < 0.5) {
        if (values.get(key)?.bytes !== known?.bytes) throw new Error(`turn ${turn}: ${key}`)
        if (known) expected = [...others, known]
      } else if (way < 0.9) {
        const bytes = Math.floor(random() * 110)
        values.set(key, value(bytes))
        expected = bytes > maxBytes ? others : [...others, { key, bytes }]
        while (
          expected.length > maxEntries ||
          expected.reduce((sum, item) => sum + item.bytes, 0) > maxBytes
        ) {
          expected.shift()
        }
      } else {
        values.delete(key)
        expected = others
      }
      if (values.size !== expected.length) throw new Error(`turn ${turn}: ${values.size} values`)
    }
  })
})
