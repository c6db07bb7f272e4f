import { createSecretKey, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { aesGcm } from '../../../src/cache/codec/aes-gcm.ts'
import type { CompressCodec } from '../../../src/cache/codec/compress.ts'
import { taggedJson } from '../../../src/cache/codec/tagged-json.ts'
import { noCounts } from '../../../src/cache/counts.ts'
import { resolveDefinition } from '../../../src/cache/definition/resolve-definition.ts'
import type { Reading } from '../../../src/cache/fences/reading.ts'
import { entryKeys } from '../../../src/cache/key/entry-keys.ts'
import { slotOf } from '../../../src/cache/key/fence-key.ts'
import { encodeParts } from '../../../src/cache/key/key-parts.ts'
import { EntryShelf, type EntryShelfParts } from '../../../src/cache/read/entry-shelf.ts'
import { slug } from '../../../src/context/tenant-id.ts'

interface Row {
  readonly id: number
  readonly at: Date
  readonly notes: readonly string[]
}

const ROW: Row = { id: 1, at: new Date(5), notes: ['x'.repeat(5_000)] }
const GENS = ['life1234.AAAAAAAAAAAAAAAA', 'life1234.BBBBBBBBBBBBBBBB']
const FENCES = GENS.map((gen) => `${gen}|?|`)

const placeOf = (name: string, id: number) => {
  const tenant = slug(name)
  const parts = encodeParts([id])
  return {
    tenant,
    keys: entryKeys({
      prefix: 'p:',
      slot: slotOf({ tenant, group: 'main' }),
      scope: 's',
      parts,
      tags: ['t'],
    }),
  }
}
const ADA = placeOf('ada', 1)

const readingOf = (value: Buffer | undefined): Reading => ({
  epoch: 'life1234',
  fences: FENCES,
  value,
  isPending: false,
  pending: [],
})

function shelfOf(
  parts: Partial<EntryShelfParts> = {},
  options: { readonly local?: boolean; readonly maxBytes?: number } = {},
) {
  const counts = noCounts()
  const rules = resolveDefinition('row', ['main'], { ttlMs: 60_000, early: 0, tables: ['rows'], ...options })
  const shelf = new EntryShelf<Row>({
    codec: taggedJson(),
    compress: undefined,
    encrypt: undefined,
    rules,
    counts,
    ...parts,
  })
  const store = async (value = ROW) => {
    const sealed = await shelf.seal(ADA, shelf.encode(value), { gens: GENS, ordinal: '17', tookMs: 3 })
    if (!sealed) throw new Error('too large')
    return sealed.bytes
  }
  return { shelf, counts, store }
}

/** One for both tenants, so that only the place tells them apart. */
const key = createSecretKey(randomBytes(32))
const encrypt = aesGcm({ key: () => ({ id: '1', key }) })
const SHELVES: readonly [string, Partial<EntryShelfParts>][] = [
  ['plain', {}],
  ['encrypted', { encrypt }],
  ...(['gzip', 'brotli', 'zstd'] as const).map((codec: CompressCodec): [string, Partial<EntryShelfParts>] => [
    `encrypted and compressed with ${codec}`,
    { encrypt, compress: { above: 4_096, codec } },
  ]),
]

describe.each(SHELVES)('An entry that is %s', (_, parts) => {
  it('is held as it was stored, by another process too', async () => {
    const bytes = await shelfOf(parts).store()
    const held = await shelfOf(parts).shelf.hold(ADA, readingOf(bytes))
    expect(held?.take()).toStrictEqual(ROW)
    expect(held?.ordinal).toBe('17')
  })

  it('is a miss, and throws nothing, where it was cut off, at any place of its head and some of its value', async () => {
    const { store } = shelfOf(parts)
    const bytes = await store()
    const { shelf, counts } = shelfOf(parts)
    let tries = 0
    for (let length = 0; length < bytes.length; length += length < 150 ? 1 : 97) {
      expect(await shelf.hold(ADA, readingOf(bytes.subarray(0, length)))).toBeUndefined()
      tries += 1
    }
    expect(counts.unreadable).toBe(tries)
  })

  it('is a miss where it is none', async () => {
    const { shelf } = shelfOf(parts)
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('OK'),
      randomBytes(500),
      Buffer.from(JSON.stringify(ROW)),
    ]) {
      expect(await shelf.hold(ADA, readingOf(bytes))).toBeUndefined()
    }
  })

  it('is a miss for a process that has another codec', async () => {
    const bytes = await shelfOf(parts).store()
    const other = shelfOf({ ...parts, codec: { ...taggedJson(), name: 'other' } })
    expect(await other.shelf.hold(ADA, readingOf(bytes))).toBeUndefined()
  })
})

describe('An encrypted entry', () => {
  it('is a miss under another tenant or key, and where any bit of it was changed', async () => {
    const { shelf, store } = shelfOf({ encrypt })
    const bytes = await store({ ...ROW, notes: [] })
    expect(await shelf.hold(ADA, readingOf(bytes))).toBeDefined()
    expect(await shelf.hold(placeOf('bob', 1), readingOf(bytes))).toBeUndefined()
    expect(await shelf.hold(placeOf('ada', 2), readingOf(bytes))).toBeUndefined()
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index)
      expect(await shelf.hold(ADA, readingOf(changed)), `byte ${index}`).toBeUndefined()
    }
  })

  it('cannot be replaced by one that says it is not encrypted', async () => {
    const planted = await shelfOf().store()
    expect(await shelfOf({ encrypt }).shelf.hold(ADA, readingOf(planted))).toBeUndefined()
  })
})

describe('A value that the process keeps', () => {
  it('cannot be spoilt by one of those it is given to', async () => {
    const { shelf, store, counts } = shelfOf({}, { local: true })
    const first = await shelf.hold(ADA, readingOf(await store()))
    const taken = first?.take()
    taken?.at.setTime(0)
    expect(() => Object.assign(taken ?? {}, { id: 2 })).toThrow(TypeError)
    const again = await shelf.hold(ADA, readingOf(undefined))
    expect(again?.take()).toStrictEqual(ROW)
    expect(counts.localHits).toBe(1)
  })

  it('as text is given to each as a copy of their own', async () => {
    const { shelf, store, counts } = shelfOf()
    const first = (await shelf.hold(ADA, readingOf(await store())))?.take()
    const again = await shelf.hold(ADA, readingOf(undefined))
    const [one, other] = [again?.take(), again?.take()]
    Object.assign(first ?? {}, { id: 2 })
    Object.assign(one ?? {}, { id: 3 })
    expect(other).toStrictEqual(ROW)
    expect(counts.localHits).toBe(1)
  })

  it('is not kept where it no longer holds, where nothing is to be, and where it was encrypted', async () => {
    const { shelf, store } = shelfOf()
    await shelf.hold(ADA, readingOf(await store()))
    expect(shelf.kept(ADA)).toBe(true)
    expect(
      await shelf.hold(ADA, { ...readingOf(undefined), fences: [FENCES[0], 'life1234.C|?|'] }),
    ).toBeUndefined()
    expect(shelf.kept(ADA)).toBe(false)
    for (const [parts, options] of [
      [{}, { local: false }],
      [{ encrypt }, {}],
    ] as const) {
      const other = shelfOf(parts, options)
      expect(await other.shelf.hold(ADA, readingOf(await other.store()))).toBeDefined()
      expect(other.shelf.kept(ADA)).toBe(false)
    }
  })
})

describe('A value that is too large', () => {
  it('is not stored', async () => {
    const { shelf } = shelfOf({}, { maxBytes: 5_000 })
    const seal = (row: Row) => shelf.seal(ADA, shelf.encode(row), { gens: GENS, ordinal: '17', tookMs: 3 })
    expect(await seal(ROW)).toBeUndefined()
    expect(await seal({ ...ROW, notes: [] })).toBeDefined()
  })
})
