import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Leasehold } from '../../src/index.ts'
import type { Rig } from '../../src/testing/rig/rig.ts'
import { openFleet, startNotesRig } from '../router/support/fleet.ts'
import { RandomLag } from '../router/support/lag.ts'
import { checkGuarantees } from '../support/guarantees/check-guarantees.ts'
import { COUNTERS_SCHEMA, CounterSessions } from '../support/guarantees/counter-sessions.ts'
import { fill, TENANT_A, TENANT_B } from '../support/notes.ts'
import { Random } from '../support/random.ts'
import type { SoakFindings } from './soak-report.ts'
import type { SoakRequest, SoakSuite } from './suite.ts'

const SESSIONS = 16
/** A pair is one write and one or two reads. */
const OPERATIONS_PER_PAIR = 2.5
const VIOLATIONS_KEPT = 20
/** Codes that a read may end with while both replicas are away at once, or one dies under it for the second time. */
const TURNED_AWAY: readonly string[] = ['LSH_ERR_READ_REFUSED']

/** Has sessions write and read back on replicas that fall behind, lose their connections and die, and checks what each was shown. */
export const routerSuite: SoakSuite = { name: 'router', hasControl: true, run }

async function run({ transactions, seed, faults: inflict, engine, say }: SoakRequest): Promise<SoakFindings> {
  await using cleanUp = new AsyncDisposableStack()
  const rig = cleanUp.use(await startNotesRig())
  await fill(rig.primary.adminUrl(), COUNTERS_SCHEMA)
  const [writer, reader] = [openFleet(rig), openFleet(rig)]
  const faults: Record<string, number> = {}
  const failures: Record<string, number> = {}
  const onFailure = (kind: string, error: unknown) => {
    const ending = `${kind}: ${(error as { code?: string }).code ?? (error as Error).name}`
    failures[ending] = (failures[ending] ?? 0) + 1
  }
  // The control knows the tenant and carries no token.
  const carriesToken = engine === 'leasehold'
  const sessions = new CounterSessions({ writer: writer.db, reader: reader.db, carriesToken, onFailure })
  const stop = new AbortController()
  const disturbing = inflict ? disturb(rig, new Random(seed), faults, stop.signal) : Promise.resolve()
  const pairs = Math.ceil(transactions / SESSIONS / OPERATIONS_PER_PAIR)
  const telling = setInterval(() => say(`${sessions.history.length} of ${transactions}`), 10_000)
  await Promise.all(
    Array.from({ length: SESSIONS }, (_, n) =>
      sessions.run(n % 2 ? TENANT_A : TENANT_B, `session ${n}`, pairs),
    ),
  )
  clearInterval(telling)
  stop.abort()
  await disturbing
  const { reasons, routed } = reader.router.snapshot()
  const leakedConnections = await close([writer.db, reader.db])
  const violations = checkGuarantees(sessions.history)
  const byReplicas = (reasons.replica ?? 0) + (reasons.waited ?? 0)
  const wrongEndings = Object.keys(failures).filter(
    (ending) => !TURNED_AWAY.some((code) => ending.endsWith(code)),
  )
  return {
    transactions: sessions.history.length,
    faults,
    foreignRows: 0,
    lostWrites: lost(sessions),
    duplicateWrites: 0,
    staleReads: violations.length,
    unknownOutcomes: 0,
    leakedConnections,
    violations: wrongEndings.slice(0, VIOLATIONS_KEPT),
    details: { reasons, shareOfReplicas: byReplicas / routed, failures },
  }
}

/** One fault after the other: a standby that falls behind, whose sessions end, or that dies and comes back. */
async function disturb(
  rig: Rig,
  random: Random,
  faults: Record<string, number>,
  signal: AbortSignal,
): Promise<void> {
  const lag = await RandomLag.start(rig, random.below(1_000_000))
  while (!signal.aborted) {
    await sleep(500 + random.below(1_000))
    const standby = rig.standbys[random.below(rig.standbys.length)]
    if (!standby || signal.aborted) break
    if (random.chance(80)) {
      await endSessions(standby.adminUrl())
      faults.sessionsEnded = (faults.sessionsEnded ?? 0) + 1
    } else {
      await lag.without(standby, async () => {
        await standby.kill()
        await sleep(random.below(1_000))
        await standby.restart()
      })
      faults.standbyKilled = (faults.standbyKilled ?? 0) + 1
    }
  }
  faults.replayPaused = lag.pauses
  await lag.stop()
}

async function endSessions(adminUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'`)
  await admin.end()
}

/** How many writes that were acknowledged are missing: each raises the counter of its session by one. */
function lost({ history }: CounterSessions): number {
  const writes = Map.groupBy(
    history.filter(({ kind }) => kind === 'write'),
    ({ session }) => session,
  )
  return [...writes.values()].filter((own) => own.some(({ version }, index) => version < index + 1)).length
}

async function close(dbs: readonly Leasehold[]): Promise<number> {
  const leaked = dbs.reduce((sum, db) => sum + db.pool().inUse, 0)
  await Promise.all(dbs.map((db) => db.close()))
  return leaked
}
