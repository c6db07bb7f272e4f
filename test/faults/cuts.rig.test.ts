import { describe, expect, it } from 'vitest'
import { cutsSuite } from '../soak/cuts-suite.ts'
import { SOAK_TARGETS } from '../soak/suite.ts'

/** Each message once, and some more. */
const CUTS = 600
const SEED = Number(process.env.LEASEHOLD_TEST_SEED ?? 20261122)

describe(`cutting the connection at every message of a write, seed ${SEED}`, () => {
  it.each(SOAK_TARGETS)(
    `is reported committed, not committed or unknown as the table has it, in ${CUTS} of ${CUTS} cases, %s`,
    async (target) => {
      const findings = await cutsSuite.run({
        transactions: CUTS,
        seed: SEED,
        faults: true,
        target,
        engine: 'leasehold',
        say: () => {},
      })
      expect(findings).toMatchObject({
        transactions: CUTS,
        foreignRows: 0,
        lostWrites: 0,
        duplicateWrites: 0,
        leakedConnections: 0,
        violations: [],
      })
      expect(findings.faults).toMatchObject({ reset: expect.any(Number), close: expect.any(Number) })
    },
    40_000,
  )
})
