import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { taggedJson } from '../../../src/cache/codec/tagged-json.ts'
import { CacheValueError } from '../../../src/errors/cache.ts'

const codec = taggedJson()
const through = (value: unknown) => codec.decode(codec.encode(value))

/** Deep equality that tells -0 from 0, a missing key from an undefined one, and a prototype from another. */
const expectSame = (value: unknown): void => {
  expect(through(value)).toStrictEqual(value)
}

const PLAIN: Readonly<Record<string, unknown>> = {
  text: 'a',
  empty: '',
  number: 1.5,
  zero: 0,
  null: null,
  true: true,
  list: [1, [2, []]],
  object: { a: { b: {} } },
  'a text like a date': '2026-11-23T00:00:00.000Z',
  'a text like a number': '0123',
  'a text like a tag': '{"$":["Date",0]}',
  'a lone surrogate': 'a\ud800b',
  'keys with dollars': { $a: 1, a$: 2, $$b: 3, '': 4 },
  'the key __proto__': JSON.parse('{"__proto__":{"isAdmin":true},"constructor":1,"toString":"x"}'),
}

const TAGGED: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  'an undefined item and key': [undefined, { a: undefined }],
  date: new Date(1_700_000_000_123),
  'a date before 1970': new Date(-1),
  'an invalid date': new Date(Number.NaN),
  bigint: -(2n ** 70n),
  'minus zero': [-0, 0],
  'not a number': Number.NaN,
  infinity: { a: Number.POSITIVE_INFINITY, b: Number.NEGATIVE_INFINITY },
  buffer: Buffer.from([0, 255, 10]),
  'an empty buffer': Buffer.alloc(0),
  bytes: Uint8Array.of(1, 2, 3),
  'bytes inside of others': new Uint8Array(Uint8Array.of(9, 1, 2, 9).buffer, 1, 2),
  map: new Map<unknown, unknown>([
    ['a', 1],
    [{ key: 1 }, new Map([[2n, new Date(0)]])],
  ]),
  set: new Set<unknown>(['a', 1, new Set([undefined])]),
  nested: {
    rows: [
      { at: new Date(0), raw: Buffer.from('x') },
      { at: null, tags: new Set(['$']) },
    ],
  },
  'without a prototype': Object.assign(Object.create(null), { a: 1, ['__proto__']: new Date(0) }),
  'what looks like a tag': { $: ['Date', 0] },
  'what looks like an escaped tag': { $$: ['Date', 0], $$$: { $: 1 } },
  'a tag with another key': { $: ['Date', 0], a: 1 },
  'the key __proto__ with a date': JSON.parse('{"__proto__":{"$":["Date",0]}}'),
}

describe('The tagged JSON codec', () => {
  it.each(Object.keys(PLAIN))('keeps %s, without a tag', (name) => {
    expectSame(PLAIN[name])
    expect(codec.encode(PLAIN[name])).toEqual({ text: JSON.stringify(PLAIN[name]), isTagged: false })
  })

  it.each(Object.keys(TAGGED))('keeps %s, and says that it needs more than JSON', (name) => {
    expectSame(TAGGED[name])
    expect(codec.encode(TAGGED[name]).isTagged).toBe(true)
  })

  it('keeps any value, however it is nested and whatever its keys are', () => {
    const value = fc.anything({
      key: fc.oneof(fc.constantFrom('$', '$$', '__proto__', 'a', ''), fc.string({ unit: 'binary' })),
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
      values: [
        fc.string({ unit: 'binary' }),
        fc.double(),
        fc.bigInt(),
        fc.date({ noInvalidDate: false }),
        fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        fc.uint8Array(),
        fc.constantFrom(undefined, null, true, { $: ['Date', 0] }, { $: 1 }),
      ],
    })
    fc.assert(fc.property(value, expectSame), { numRuns: 2_000 })
  })

  it('looks for no tag where none was put', () => {
    const text = '{"$":["Date",0]}'
    expect(codec.decode({ text, isTagged: false })).toEqual({ $: ['Date', 0] })
    expect(codec.decode({ text, isTagged: true })).toEqual(new Date(0))
  })

  it('gives a new copy each time', () => {
    const encoded = codec.encode({ list: [1] })
    expect(codec.decode(encoded)).not.toBe(codec.decode(encoded))
  })

  it('makes no key anybody’s prototype', () => {
    const decoded = through(JSON.parse('{"__proto__":{"isAdmin":true},"at":{"$":1}}')) as object
    expect(Object.hasOwn(decoded, '__proto__')).toBe(true)
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype)
    expect((decoded as { isAdmin?: boolean }).isAdmin).toBeUndefined()
  })

  it('knows the dates, maps and objects of another realm', () => {
    const foreign: unknown = runInNewContext(
      '({ at: new Date(5), map: new Map([[1, new Set([2])]]), bytes: Uint8Array.of(7), list: [{ a: 1 }] })',
    )
    expect(through(foreign)).toStrictEqual({
      at: new Date(5),
      map: new Map([[1, new Set([2])]]),
      bytes: Uint8Array.of(7),
      list: [{ a: 1 }],
    })
  })
})

class Patient {
  readonly name = 'SECRET'
}
class Instant extends Date {}
class Index extends Map {}
class List extends Array<string> {}
class Bytes extends Uint8Array {}

const circle: { inner: unknown } = { inner: undefined }
circle.inner = [circle]
const circularMap = new Map<string, unknown>()
circularMap.set('a', { circularMap })

const deep = (levels: number) => {
  let value: unknown = 'SECRET'
  for (let level = 0; level < levels; level += 1) value = [value]
  return value
}

describe('What would not come back as it was is refused, with its path and without its value:', () => {
  it.each<[what: string, value: unknown, path: string]>([
    ['an instance of a class', { rows: [0, { patient: new Patient() }] }, '$.rows[1].patient'],
    ['a subclass of Date', { at: new Instant(0) }, '$.at'],
    ['a subclass of Map', [new Index()], '$[0]'],
    ['a subclass of Array', new List(), '$'],
    ['a subclass of Uint8Array', { raw: new Bytes(1) }, '$.raw'],
    ['an object made from another', { a: Object.create({ SECRET: 1 }) }, '$.a'],
    ['an object made from one without a prototype', { a: Object.create(Object.create(null)) }, '$.a'],
    ['another array of bytes', { a: new Float64Array(1) }, '$.a'],
    ['an error', { a: new Error('SECRET') }, '$.a'],
    ['an expression', { a: /SECRET/ }, '$.a'],
    ['a promise', { a: Promise.resolve('SECRET') }, '$.a'],
    ['a boxed number', { a: Object(1) }, '$.a'],
    ['a function', { a: () => 'SECRET' }, '$.a'],
    ['toJSON', { a: { toJSON: () => 'SECRET' } }, '$.a.toJSON'],
    ['a symbol', [1, Symbol('SECRET')], '$[1]'],
    ['a symbol for a key', { a: { [Symbol('SECRET')]: 1 } }, '$.a'],
    [
      'a key of a map',
      new Map<unknown, unknown>([
        [1, 1],
        [() => 1, 'SECRET'],
      ]),
      '$.keys()[1]',
    ],
    ['a value of a map', { a: new Map([['SECRET', { b: Symbol() }]]) }, '$.a.values()[0].b'],
    ['an item of a set', new Set(['SECRET', Symbol()]), '$.values()[1]'],
    ['a circle', circle, '$.inner[0]'],
    ['a circle through a map', circularMap, '$.values()[0].circularMap'],
    ['what lies under a key that is no name', { 'SECRET SECRET': Symbol() }, '$.?'],
    ['what is too deep', deep(501), `$${'[0]'.repeat(20)}…`],
  ])('%s', (_, value, path) => {
    let error: unknown
    try {
      codec.encode(value)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(CacheValueError)
    expect(error).toMatchObject({ code: 'LSH_ERR_CACHE_VALUE', path })
    expect(String(error)).not.toContain('SECRET')
  })

  it('but an object that is held twice, and one of 500 levels, is kept', () => {
    const shared = { at: new Date(0) }
    expectSame([shared, shared])
    expectSame(deep(500))
    expectSame([deep(499), new Date(0)])
  })
})

describe('What is none of its own makes decoding throw', () => {
  it.each([
    '{',
    '',
    '{"$":1}',
    '{"$":[]}',
    '{"$":["Widget",1]}',
    '{"$":["bigint","x"]}',
    '{"$":["Buffer",5]}',
    '{"$":["Map",[1]]}',
    '{"$":["Set",{}]}',
    '{"$":["bare",null]}',
  ])('%s', (text) => {
    expect(() => codec.decode({ text, isTagged: true })).toThrow()
  })
})
