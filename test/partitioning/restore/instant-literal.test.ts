import { describe, expect, it } from 'vitest'
import { instantLiteral } from '../../../src/partitioning/restore/instant-literal.ts'

const FEBRUARY = BigInt(Date.UTC(2026, 1, 1)) * 1000n

describe('an instant as a literal', () => {
  it.each([
    ['timestamptz', FEBRUARY, "'2026-02-01 00:00:00+00'"],
    ['timestamptz', FEBRUARY - 1n, "'2026-01-31 23:59:59.999999+00'"],
    ['timestamptz', -1n, "'1969-12-31 23:59:59.999999+00'"],
    ['timestamp', FEBRUARY + 1_500_000n, "'2026-02-01 00:00:01.500000'"],
    ['date', FEBRUARY, "'2026-02-01'"],
    ['uuidv7', FEBRUARY, "'019c167f-cc00-0000-0000-000000000000'"],
    ['uuidv7', 0n, "'00000000-0000-0000-0000-000000000000'"],
  ] as const)('of %s at %s us is %s', (keyType, us, literal) => {
    expect(instantLiteral(us, keyType)).toBe(literal)
  })

  it('is refused where the type does not hold it', () => {
    expect(() => instantLiteral(FEBRUARY + 1n, 'date')).toThrow(RangeError)
    expect(() => instantLiteral(FEBRUARY + 1n, 'uuidv7')).toThrow(RangeError)
    expect(() => instantLiteral(-1000n, 'uuidv7')).toThrow(RangeError)
  })
})
