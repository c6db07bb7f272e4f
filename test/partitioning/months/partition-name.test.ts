import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { monthOf } from '../../../src/partitioning/months/month.ts'
import { monthOfPartitionName, partitionName } from '../../../src/partitioning/months/partition-name.ts'

const anyName = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 63 })
  .filter((name) => Buffer.byteLength(name) <= 63 && !name.includes('\0'))
const anyMonth = fc.integer({ min: monthOf(1, 1), max: monthOf(9_999, 12) })

describe('The name of a partition', () => {
  it('is that of the table and the month', () => {
    expect(partitionName('audit_log', monthOf(2026, 12))).toBe('audit_log_2026_12')
    expect(monthOfPartitionName('audit_log', 'audit_log_2026_12')).toBe(monthOf(2026, 12))
  })

  it('fits into 63 bytes, is whole characters, and says the month again', () => {
    const property = fc.property(anyName, anyMonth, (table, month) => {
      const name = partitionName(table, month)
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63)
      expect(monthOfPartitionName(table, name)).toBe(month)
      expect(Buffer.from(name).toString()).toBe(name)
    })
    fc.assert(property, { numRuns: 2_000 })
  })

  it('is as it is up to 63 bytes, and has a digest beyond', () => {
    const fits = 'x'.repeat(55)
    expect(partitionName(fits, monthOf(2026, 1))).toBe(`${fits}_2026_01`)
    expect(partitionName(`${fits}y`, monthOf(2026, 1))).toMatch(/^x{46}_[0-9a-f]{8}_2026_01$/)
    expect(Buffer.byteLength(partitionName(`${fits}y`, monthOf(2026, 1)))).toBe(63)
  })

  it('tells long tables apart that begin alike', () => {
    const [one, other] = ['a', 'b'].map((end) => partitionName(`${'é'.repeat(30)}${end}`, monthOf(2026, 1)))
    expect(one).not.toBe(other)
  })

  it('is none of another table, of another form, or of a month that there is not', () => {
    const names = [
      'audit_log',
      'audit_log_legacy',
      'audit_log_2026_13',
      'audit_log_2026_00',
      'audit_log_0000_01',
    ]
    names.push(
      'audit_log_2026_1',
      'audit_2026_01',
      'x_audit_log_2026_01',
      'audit_log_2026_01_old',
      'audit_log2026_01',
    )
    for (const name of names) expect(monthOfPartitionName('audit_log', name), name).toBeUndefined()
    expect(monthOfPartitionName('audit_log_2026', 'audit_log_2026_01')).toBeUndefined()
  })
})
