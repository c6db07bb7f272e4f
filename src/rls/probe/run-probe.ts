import { createContexts, type ProbeContexts } from './context/probe-context.ts'
import { unknownTenantId } from './context/unknown-tenant.ts'
import { probeInfluence } from './influence/probe-influence.ts'
import type { ProbeClients, ProbeOptions } from './probe-options.ts'
import { probeHidden } from './read/hidden-tenant.ts'
import { type Populated, probeReads } from './read/probe-reads.ts'
import { type ReadSource, readSources } from './read/read-source.ts'
import { type ProbeFinding, ProbeReport } from './report/probe-report.ts'
import { describeSequences } from './report/sequence-findings.ts'
import { describeSession } from './report/session-findings.ts'
import type { ProbedRelation } from './schema/probed-relation.ts'
import { type ProbedSchema, readSchema } from './schema/probed-schema.ts'
import { inspectSession } from './session/inspect-session.ts'
import { ProbeSession } from './session/probe-session.ts'
import { findTenants } from './tenants/find-tenants.ts'
import { probeWrites } from './write/probe-writes.ts'

const STATEMENT_TIMEOUT_MS = 5_000
const LOCK_TIMEOUT_MS = 200

/**
 * Tries, as the application and for two tenants, to see and to write what belongs to others, in everything that it reaches.
 *
 * All of it happens in transactions that are rolled back. What stays: dead rows where a write got as far as a row, and counts of them
 * in `pg_stat_user_tables`; lines in the server's log; and what a trigger or a function of one's own does outside the transaction, such
 * as taking a number of a sequence (`session_replication_role`, which would silence triggers, is for superusers only). Functions are
 * called where nothing can be written.
 *
 * @returns what was found, the worst first; no value of a row is in it. `probe-incomplete` names what could not be probed.
 * @throws {ConfigError} when the role cannot be taken, or no two tenants are named or found
 * @throws the server's own error, or that of the connection, when there is no going on
 */
export async function runProbe(
  clients: ProbeClients,
  options: ProbeOptions,
): Promise<readonly ProbeFinding[]> {
  const { tenantSetting, writes = true, statementTimeoutMs, lockTimeoutMs } = options
  const report = new ProbeReport()
  const state = await inspectSession(clients.app, tenantSetting, options.appRole)
  describeSession(state, tenantSetting, writes, report)
  if (state.exempt) return report.findings()
  const schema = await readSchema(clients.admin ?? clients.app, state.appRole, options)
  const tenants = options.tenants ?? (await findTenants(clients.admin, schema.tenantTables))
  const session = new ProbeSession(clients.app, {
    role: state.role,
    statementTimeoutMs: statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
    lockTimeoutMs: lockTimeoutMs ?? LOCK_TIMEOUT_MS,
  })
  try {
    const contexts = createContexts(tenantSetting, tenants, unknownTenantId(tenants.map(({ id }) => id)))
    await probeSchema(
      session,
      schema,
      contexts,
      { fresh: state.tenant === null, writes: writes && !state.replica },
      report,
    )
  } finally {
    await session.tidy().catch(() => {})
  }
  describeSequences(schema.sequences, report)
  return report.findings()
}

async function probeSchema(
  session: ProbeSession,
  schema: ProbedSchema,
  contexts: ProbeContexts,
  { fresh, writes }: { readonly fresh: boolean; readonly writes: boolean },
  report: ProbeReport,
): Promise<void> {
  const sources = readSources(schema, report)
  const populated = await probeReads(
    session,
    sources.filter(({ tenant }) => tenant),
    contexts,
    fresh,
    report,
  )
  const empty = emptyRelations(sources, populated)
  for (const object of empty) report.notProbed(object, 'rows of tenants', 'neither of the two has any there')
  await probeHidden(session, sources, contexts, empty, report)
  if (!writes) return
  for (const relation of schema.relations) {
    await probeWrites(session, relation, writersOf(relation, contexts, populated), report)
  }
  const tables = schema.relations.filter(
    ({ kind, tenant, partition, outside }) =>
      kind !== 'v' && tenant !== null && !partition && outside === null,
  )
  await probeInfluence(session, sources, tables, contexts, report)
}

function emptyRelations(sources: readonly ReadSource[], { first, second }: Populated): ReadonlySet<string> {
  const objects = sources.filter(({ relation, tenant }) => relation && tenant).map(({ object }) => object)
  return new Set(objects.filter((object) => !first.has(object) && !second.has(object)))
}

/** The second tenant suffers what the first does, unless only the first has rows. */
function writersOf(
  { object }: ProbedRelation,
  { first, second, unknown }: ProbeContexts,
  populated: Populated,
) {
  const swapped = populated.first.has(object) && !populated.second.has(object)
  return swapped ? { actor: second, victim: first, unknown } : { actor: first, victim: second, unknown }
}
