import { describe, expect, it } from 'vitest'
import { createLeasehold } from '../src/index.ts'
import { auditIsolation } from './soak/isolation-audit.ts'
import { leaseholdEngine, sessionSetEngine } from './soak/isolation-engines.ts'
import { runIsolationWorkload } from './soak/isolation-workload.ts'
import { Random } from './support/random.ts'
import { openTarget, TARGETS } from './support/target.ts'

const SEED = Number(process.env.LEASEHOLD_TEST_SEED ?? 20261122)
const OPERATIONS = 10_000
const SERVER_CONNECTIONS = 4

describe(`the isolation of 200 tenants on ${SERVER_CONNECTIONS} server connections, seed ${SEED}`, () => {
  it.each(TARGETS)(
    `holds over ${OPERATIONS} interleaved operations with killed sockets and SQL errors, %s`,
    async (name) => {
      await using target = await openTarget(name, { template: 'isolation', poolSize: SERVER_CONNECTIONS })
      const max = name === 'direct' ? SERVER_CONNECTIONS : 16
      await using db = createLeasehold({ primary: target.pool({ max }) })
      const tally = await runIsolationWorkload({
        engine: leaseholdEngine(db),
        random: new Random(SEED),
        operations: OPERATIONS,
        callers: 32,
        kills: true,
        kill: () => target.killNextSocket(),
      })
      expect(tally.surprises).toEqual([])
      expect(tally).toMatchObject({ operations: OPERATIONS, foreignRows: 0, emptyReads: 0 })
      expect(tally.writes).toBeGreaterThan(OPERATIONS * 0.4)
      expect(tally.killed).toBeGreaterThan(OPERATIONS * 0.015)
      expect(tally.sqlErrors).toBeGreaterThan(OPERATIONS * 0.015)
      // A killed socket has one operation on it, so nothing else may be what made an outcome unknown.
      expect(tally.outcomes.count().unknown).toBeLessThanOrEqual(tally.killed)
      expect(target.leasesOut()).toBe(0)
      await expect.poll(() => target.idleInTransaction(), { timeout: 5_000 }).toBe(0)
      // What the server still works on when its client was killed is over by then; only now is the table at rest.
      await expect.poll(() => target.activeBackends(), { timeout: 5_000 }).toBe(0)
      expect(await auditIsolation(target.admin, tally)).toEqual({
        misplacedRows: 0,
        lostWrites: 0,
        duplicateWrites: 0,
        resurrectedWrites: 0,
        tornWrites: 0,
      })
      const serverConnections = await target.serverConnections()
      expect(serverConnections).toBeLessThanOrEqual(SERVER_CONNECTIONS)
    },
    90_000,
  )

  it.each(['pgbouncer 1.18', 'pgbouncer 1.24'] as const)(
    'is seen to be lost by the same harness where the tenant is set for the session, %s',
    async (name) => {
      await using target = await openTarget(name, { template: 'isolation', poolSize: SERVER_CONNECTIONS })
      const tally = await runIsolationWorkload({
        engine: sessionSetEngine(target.pool({ max: 16 })),
        random: new Random(SEED),
        operations: 1_000,
        callers: 32,
        kills: false,
        kill: () => {},
      })
      expect(tally.foreignRows).toBeGreaterThan(0)
    },
    30_000,
  )
})
