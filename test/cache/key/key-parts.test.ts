import { describe, expect, it } from 'vitest'
import type { KeyPart } from '../../../src/cache/definition/definition-options.ts'
import { escapeText, unescapeText } from '../../../src/cache/key/escape.ts'
import { encodeParts } from '../../../src/cache/key/key-parts.ts'
import { CacheValueError } from '../../../src/errors/cache.ts'

describe('The parts of a key', () => {
  it.each<[readonly KeyPart[], string]>([
    [[], '0'],
    [['a', 1], '2.sa.n1'],
    [['1', 1n], '2.s1.i1'],
    [[-0, 0], '2.n-0.n0'],
    [[true, false, null], '3.t.f.0'],
    [[''], '1.s~'],
  ])('no. %# are written as they should', (parts, written) => {
    expect(encodeParts(parts)).toBe(written)
  })

  it('tell a type from another that prints alike', () => {
    const alike: readonly KeyPart[] = [
      '1',
      1,
      1n,
      'true',
      true,
      'null',
      null,
      '0',
      0,
      -0,
      0n,
      '-0',
      '',
      'n1',
      'i1',
      't',
      'f',
    ]
    expect(new Set(alike.map((part) => encodeParts([part]))).size).toBe(alike.length)
  })

  it('tell two texts from one that joins them', () => {
    const lists: readonly (readonly KeyPart[])[] = [
      ['a', 'b'],
      ['a.sb'],
      ['a', 'b', ''],
      ['', 'a', 'b'],
      ['ab'],
      ['a:b'],
      [],
    ]
    expect(new Set(lists.map(encodeParts)).size).toBe(lists.length)
  })

  it.each([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    undefined,
    Symbol('s'),
    {},
    [],
    new Date(0),
    () => 1,
    '\ud800',
    'a\udc00b',
  ])('are not %s: it is refused, with its place and without what it is', (part) => {
    const refused = () => encodeParts(['fine', part as KeyPart])
    expect(refused).toThrow(CacheValueError)
    expect(refused).toThrow(/^The value at key\[1\] cannot be cached/)
  })
})

describe('An escaped text', () => {
  it.each(['', 'a', '~', 'a b', '{}', '\u0000', '*', 'é', '😀', 'x'.repeat(1000)])(
    'of %j comes back',
    (text) => {
      expect(escapeText(text)).toMatch(/^~?[A-Za-z0-9_-]*$/)
      expect(unescapeText(escapeText(text))).toBe(text)
    },
  )
})
