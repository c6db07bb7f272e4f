import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatLsn, normaliseLsn, parseLsn } from '../../../src/router/token/wal-position.ts'

const MIB = 1_048_576

describe('an LSN', () => {
  it('is read and written as PostgreSQL prints it', () => {
    expect(parseLsn('16/B374D848')).toBe(0x16_b374_d848n)
    expect(formatLsn(0x16_b374_d848n)).toBe('16/B374D848')
    expect(parseLsn('0/28')).toBe(0x28n)
    // PostgreSQL 19 pads the second part.
    expect(parseLsn('16/0000D848')).toBe(0x16_0000_d848n)
  })

  it('is the same after it was written and read', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (lsn) => parseLsn(formatLsn(lsn)) === lsn),
    )
  })

  it.each(['', '/', '16', '16/', '/B3', '16/B374D8480', '1 /2', '0x1/2', '-1/2', '16/B3\n', 'G/1'])(
    'is not %j',
    (text) => {
      expect(() => parseLsn(text)).toThrow(RangeError)
    },
  )
})

describe('an insert position', () => {
  it.each([
    ['at the start of a segment of 16 MiB', '0/2000028', 16 * MIB, '0/2000000'],
    ['at the start of a segment of 64 MiB', '0/4000028', 64 * MIB, '0/4000000'],
    ['at the start of a segment of 1 MiB', '0/2100028', MIB, '0/2100000'],
    ['at the start of a page', '16/2002018', 16 * MIB, '16/2002000'],
    ['in a page where a segment of another size would start', '0/2100028', 16 * MIB, '0/2100028'],
    ['one byte further', '0/2000029', 16 * MIB, '0/2000029'],
    ['behind a record in a page', '0/2002020', 16 * MIB, '0/2002020'],
    ['in front of a page', '0/2001FF8', 16 * MIB, '0/2001FF8'],
  ])('%s is taken to the end of the last record', (_where, raw, segment, normal) => {
    expect(formatLsn(normaliseLsn(parseLsn(raw), segment, 8_192))).toBe(normal)
  })

  it('is judged by the pages of the server', () => {
    expect(normaliseLsn(0x2000n + 24n, 16 * MIB, 16_384)).toBe(0x2000n + 24n)
    expect(normaliseLsn(0x4000n + 24n, 16 * MIB, 16_384)).toBe(0x4000n)
  })
})
