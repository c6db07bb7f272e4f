import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLeasehold, uuid } from '../../src/index.ts'
import { deadlinesSuite } from '../soak/deadlines-suite.ts'
import { ISOLATION_SCHEMA, ISOLATION_TENANTS } from '../soak/isolation-schema.ts'
import { SoakRig } from '../soak/soak-rig.ts'

const CALLS = 100

describe('when nothing answers any more', () => {
  it(`settles each of ${CALLS} calls, in every state, within its deadline and 100 ms`, async () => {
    const findings = await deadlinesSuite.run({
      transactions: CALLS,
      seed: 1,
      faults: true,
      target: '1.24',
      engine: 'leasehold',
      say: () => {},
    })
    expect(findings).toMatchObject({ violations: [], leakedConnections: 0 })
    expect(findings.transactions).toBeGreaterThanOrEqual(CALLS)
    expect(Object.keys(findings.faults)).toEqual(['blackHole', 'serverFreeze', 'poolerFreeze'])
    // Else the calls were not where they were to be when everything stopped.
    expect(findings.unknownOutcomes).toBeGreaterThan(CALLS / 10)
  }, 40_000)
})

describe('a pool of its own', () => {
  let rig: SoakRig
  beforeAll(async () => {
    rig = await SoakRig.open({ target: 'direct', schema: ISOLATION_SCHEMA, poolSize: 2 })
  }, 60_000)
  afterAll(async () => {
    await rig[Symbol.asyncDispose]()
  })

  it('has all its connections again after a black hole met it while it connected', async () => {
    const db = createLeasehold({
      primary: rig.poolOptions({ max: 2 }),
      timeoutMs: 500,
      acquireTimeoutMs: 500,
    })
    const read = () =>
      db.tenant(uuid(ISOLATION_TENANTS[0] ?? ''), { readOnly: true }).query('select pg_sleep(0.1)')
    const both = () =>
      Promise.all([read(), read()]).then(
        () => true,
        () => false,
      )
    rig.proxy.blackHole(true)
    expect(await both()).toBe(false)
    rig.proxy.blackHole(false)
    await expect.poll(both, { timeout: 10_000 }).toBe(true)
    await db.close()
  })
})
