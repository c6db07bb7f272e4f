import type { Leasehold } from '../../src/index.ts'
import { askOnce } from '../../src/testing/rig/admin-session.ts'
import { startToxicProxy, type ToxicProxy } from '../../src/testing/rig/proxy/index.ts'
import type { Rig } from '../../src/testing/rig/rig.ts'
import { waitUntil } from '../../src/testing/rig/wait-until.ts'
import { openFleet, startNotesRig } from '../router/support/fleet.ts'
import { checkGuarantees } from '../support/guarantees/check-guarantees.ts'
import { COUNTERS_SCHEMA, CounterSessions } from '../support/guarantees/counter-sessions.ts'
import { fill } from '../support/notes.ts'
import { auditCounters, type CounterRow } from './counter-audit.ts'
import { RouterFaults } from './router-faults.ts'
import type { SoakFindings } from './soak-report.ts'
import type { SoakRequest, SoakSuite, SoakTarget } from './suite.ts'

const SESSIONS = 16
const CONNECTIONS = 4
/** A pair is one write, and one or two reads. */
const OPERATIONS_PER_PAIR = 2.5
/** Short: who does not know the position of a write reads from the primary for so long. */
const TTL_MS = 6_000
/** Of the reads; else the soak says little of what replicas show. */
const LEAST_SHARE = 0.3
const SAY_EVERY_MS = 10_000
const REST_MS = 10_000
/** What calls may end in while connections are cut, and both replicas are away at once. */
const EXPLAINED: Readonly<Record<'write' | 'read', readonly string[]>> = {
  write: ['LSH_ERR_COMMIT_UNKNOWN', 'LSH_ERR_CONNECTION_LOST', 'LSH_ERR_CONNECT'],
  read: ['LSH_ERR_READ_REFUSED', 'LSH_ERR_CONNECTION_LOST', 'LSH_ERR_CONNECT'],
}

/** Sessions write and read back on replicas that fall behind, lose their connections and die; what each was shown is checked. */
export const routerSuite: SoakSuite = { name: 'router', hasControl: true, run }

async function run(request: SoakRequest): Promise<SoakFindings> {
  const { transactions, seed, engine, say } = request
  await using cleanUp = new AsyncDisposableStack()
  const rig = cleanUp.use(await startNotesRig())
  await fill(rig.primary.adminUrl(), COUNTERS_SCHEMA)
  const proxies = await openProxies(rig, request.target)
  for (const proxy of proxies) cleanUp.use(proxy)
  const [primary, ...replicas] = proxies
  const router = { tokens: { ttlMs: TTL_MS } }
  const open = () => openFleet(rig, { ...(primary && { primary }), replicas, router })
  const [writer, reader] = [open(), open()]

  const failures = new Map<string, number>()
  const violations: string[] = []
  const sessions = new CounterSessions({
    writer: writer.db,
    reader: reader.db,
    // The control knows its tenant, and brings no token.
    carriesToken: engine === 'leasehold',
    onFailure: (kind, error) => {
      const { code = String(error) } = error as { code?: string }
      const ending = `${kind}: ${code}`
      if (!failures.has(ending) && !(request.faults && EXPLAINED[kind].includes(code)))
        violations.push(ending)
      failures.set(ending, (failures.get(ending) ?? 0) + 1)
    },
  })
  const faults = request.faults ? await RouterFaults.start({ rig, proxies }, seed) : undefined
  const ticker = setInterval(() => say(`${sessions.history.length} of ${transactions}`), SAY_EVERY_MS)
  const startedAt = performance.now()
  await sessions
    .run('session', SESSIONS, Math.ceil(transactions / SESSIONS / OPERATIONS_PER_PAIR))
    .finally(() => clearInterval(ticker))
  const seconds = (performance.now() - startedAt) / 1_000
  const counts = await faults?.stop()

  const { reasons, routed, replicas: standing } = reader.router.snapshot()
  const shareOfReplicas = ((reasons.replica ?? 0) + (reasons.waited ?? 0)) / routed
  if (shareOfReplicas < LEAST_SHARE) violations.push('replicas that were away did not come back')
  if (Object.values(reasons).reduce((sum, count) => sum + count, 0) !== routed) {
    violations.push('the reasons do not sum up to what was routed')
  }
  const found = checkGuarantees(sessions.history)
  const leakedConnections = await close(rig, proxies, [writer.db, reader.db])
  const rows = await askOnce<CounterRow>(
    rig.primary.adminUrl(),
    'select tenant_id, key, version from counters',
  )
  const audit = auditCounters(sessions.sessions, rows)
  return {
    transactions: sessions.history.length,
    faults: { ...counts },
    foreignRows: sessions.foreignRows,
    lostWrites: audit.lostWrites,
    duplicateWrites: audit.surplusWrites,
    staleReads: found.length,
    unknownOutcomes: sessions.sessions.reduce((sum, { unknown }) => sum + unknown, 0),
    leakedConnections,
    violations,
    details: {
      guarantees: Object.fromEntries(
        [...Map.groupBy(found, ({ guarantee }) => guarantee)].map(([name, list]) => [name, list.length]),
      ),
      shareOfReplicas: Math.round(1_000 * shareOfReplicas) / 1_000,
      reasons,
      states: standing.map(({ state }) => state),
      errors: Object.fromEntries([...failures].sort()),
      perSecond: Math.round(sessions.history.length / seconds),
    },
  }
}

/** One in front of each server, or of its pooler. */
function openProxies(rig: Rig, target: SoakTarget): Promise<ToxicProxy[]> {
  return Promise.all(
    [rig.primary, ...rig.standbys].map(async (node) => {
      const pooler =
        target === 'direct'
          ? undefined
          : await rig.startPgbouncer({
              version: target,
              target: node,
              poolSize: 3 * CONNECTIONS,
              users: ['app'],
            })
      return startToxicProxy({ target: pooler ?? node })
    }),
  )
}

/** @returns connections that are out of their pools when all is over, and that outlive the pools */
async function close(rig: Rig, proxies: readonly ToxicProxy[], dbs: readonly Leasehold[]): Promise<number> {
  await Promise.all(dbs.map((db) => db.close()))
  const count = () => proxies.reduce((sum, { connections }) => sum + connections, 0)
  await waitUntil(() => count() === 0, { timeoutMs: REST_MS, onTimeout: () => new Error('late') }).catch(
    () => {},
  )
  const busy = await askOnce(
    rig.primary.adminUrl(),
    `select from pg_stat_activity where usename = 'app' and state <> 'idle'`,
  )
  return count() + busy.length
}
