import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Entry, readEntry, writeEntry } from '../../../src/cache/entry/entry.ts'

const ENTRY: Entry = {
  gens: ['run1_abcd.AAAAAAAAAAAAAAAA', 'run1_abcd.BBBBBBBBBBBBBBB-'],
  ordinal: '1795392000000000',
  meta: {
    bornAtMs: 1_795_392_000_000,
    ttlMs: 60_000,
    loadMs: 12,
    codec: 'json-1',
    isNegative: false,
    isTagged: true,
    compressed: undefined,
    isEncrypted: false,
  },
  payload: Buffer.from('{"a":"line\\nbreak"}\n\n1'),
}

const entries = fc.record(
  {
    gens: fc.array(fc.stringMatching(/^[A-Za-z0-9_-]{8,12}\.[A-Za-z0-9_-]{16}$/), {
      minLength: 1,
      maxLength: 4,
    }),
    ordinal: fc.bigInt({ min: 0n, max: 10n ** 17n }).map(String),
    meta: fc.record(
      {
        bornAtMs: fc.nat({ max: 4_000_000_000_000 }),
        ttlMs: fc.nat(),
        loadMs: fc.nat(),
        codec: fc.oneof(fc.constant('json-1'), fc.string({ minLength: 1 })),
        isNegative: fc.boolean(),
        isTagged: fc.boolean(),
        compressed: fc.constantFrom(undefined, 'gzip' as const, 'brotli' as const, 'zstd' as const),
        isEncrypted: fc.boolean(),
      },
      { noNullPrototype: true },
    ),
    payload: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
  },
  { noNullPrototype: true },
)

describe('An entry', () => {
  it('is read as it was written, whatever bytes its value has', () => {
    fc.assert(
      fc.property(entries, (entry) => {
        expect(readEntry(writeEntry(entry))).toStrictEqual(entry)
      }),
      { numRuns: 2_000 },
    )
  })

  it('begins with the two lines that the scripts read', () => {
    const text = writeEntry(ENTRY).toString()
    expect(text.startsWith(`${ENTRY.gens.join(',')}\n1795392000000000\n`)).toBe(true)
    expect(text.split('\n')[2]).toBe('1 1795392000000 60000 12 22 json-1  t')
  })

  it('that was cut off anywhere, or has something behind it, is none', () => {
    const bytes = writeEntry(ENTRY)
    for (let length = 0; length < bytes.length; length += 1) {
      expect(readEntry(bytes.subarray(0, length)), `cut at ${length}`).toBeUndefined()
    }
    expect(readEntry(Buffer.concat([bytes, Buffer.from('x')]))).toBeUndefined()
  })

  it('is nothing else that may lie there', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(readEntry(Buffer.from(bytes))).toBeUndefined()
      }),
      { numRuns: 5_000 },
    )
    for (const text of ['', '\n', '\n\n\n', 'a\n1\n\n', '{"a":1}', 'a\n1\n1 1 1 1 0 json-1 \n', 'g|?|']) {
      expect(readEntry(Buffer.from(text)), JSON.stringify(text)).toBeUndefined()
    }
  })

  it.each([
    ['of another format', '2 1795392000000 60000 12 22 json-1  t'],
    ['with a flag more', '1 1795392000000 60000 12 22 json-1  tx'],
    ['with a field more', '1 1795392000000 60000 12 22 json-1  t x'],
    ['with a field less', '1 1795392000000 60000 22 json-1  t'],
    ['of an unknown compression', '1 1795392000000 60000 12 22 json-1 lz4 t'],
    ['without a codec', '1 1795392000000 60000 12 22   t'],
    ['with no number for its time', '1 NaN 60000 12 22 json-1  t'],
    ['with a time below zero', '1 -5 60000 12 22 json-1  t'],
    ['with a time that is empty', '1  60000 12 22 json-1  t'],
  ])('%s is none', (_, line) => {
    const lines = writeEntry(ENTRY).toString().split('\n')
    expect(readEntry(Buffer.from(lines.with(2, line).join('\n')))).toBeUndefined()
  })

  it.each([
    ['ordinal', 1, '17953x'],
    ['ordinal', 1, ''],
    ['generations', 0, ''],
    ['generations', 0, 'a,,b'],
    ['generations', 0, 'a b'],
  ])('whose %s are none is none', (_, line, text) => {
    const lines = writeEntry(ENTRY).toString().split('\n')
    expect(readEntry(Buffer.from(lines.with(line, text).join('\n')))).toBeUndefined()
  })
})
