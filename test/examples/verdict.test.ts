import { describe, expect, it } from 'vitest'
import type { VariantResult } from '../../examples/demo/score.ts'
import { formatTable } from '../../examples/demo/table.ts'
import { VARIANT_NAMES, type VariantName } from '../../examples/demo/tenant-access.ts'
import { findFaults, toJson } from '../../examples/demo/verdict.ts'

function results(
  changes: Partial<Record<VariantName, Partial<VariantResult>>> = {},
): readonly VariantResult[] {
  return VARIANT_NAMES.map((name) => ({
    name,
    operations: 1_000,
    foreignRows: name === 'session-set' ? 50 : 0,
    wrongAnswers: name === 'session-set' ? 70 : 0,
    roundTripsPerOperation: 1,
    operationsPerSecond: name === 'hand-written' ? 2_000 : 3_000,
    serverConnections: 6,
    error: undefined,
    ...changes[name],
  }))
}

describe('findFaults', () => {
  it('is content when only session-set leaks', () => {
    expect(findFaults(results())).toEqual([])
  })

  it.each(['hand-written', 'leasehold'] as const)(
    'objects to a foreign row or a wrong answer of %s',
    (name) => {
      expect(findFaults(results({ [name]: { foreignRows: 1 } }))).toEqual([`${name} saw 1 foreign rows.`])
      expect(findFaults(results({ [name]: { wrongAnswers: 2, error: new Error('why') } }))).toEqual([
        `${name} had 2 wrong answers. The first error: Error: why`,
      ])
    },
  )

  it('objects when session-set shows no leak, as the check may be blind then', () => {
    expect(findFaults(results({ 'session-set': { foreignRows: 0 } }))).toHaveLength(1)
  })
})

describe('toJson', () => {
  it('has what design promises for each variant, on one line', () => {
    const text = toJson(results())
    expect(text).not.toContain('\n')
    expect(JSON.parse(text).variants).toEqual(
      VARIANT_NAMES.map((name) => ({
        name,
        operations: 1_000,
        foreignRows: name === 'session-set' ? 50 : 0,
        roundTripsPerOperation: 1,
        operationsPerSecond: name === 'hand-written' ? 2_000 : 3_000,
        serverConnections: 6,
      })),
    )
  })
})

describe('formatTable', () => {
  it('sets throughput in relation to hand-written, in columns of equal width', () => {
    const lines = formatTable(results()).split('\n')
    expect(lines).toHaveLength(4)
    expect(new Set(lines.map((line) => line.length)).size).toBe(1)
    expect(lines.map((line) => /\d\.\d\dx/.exec(line)?.[0])).toEqual([undefined, '1.50x', '1.00x', '1.50x'])
  })
})
