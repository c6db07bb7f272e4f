import { setTimeout as sleep } from 'node:timers/promises'
import type { ContextTenant } from '../context/no-tenant.ts'
import type { CommitEvidence, CommitOutcome, CommitResolver } from '../errors/outcome.ts'
import { firstRow, statusStatement } from './commit-evidence.ts'
import { Deadline } from './deadline.ts'
import { IDLE } from './expected-state.ts'
import { LeasedConnection } from './leased-connection.ts'
import type { TenantSource } from './tenant-source.ts'

/** Between two looks at a transaction that is still in progress, or at a server that is not there. */
const PAUSE_MS = 50

/** Makes what tells later whether a write was committed. Without evidence nobody can. */
export function resolveByEvidence(
  source: TenantSource,
  tenant: ContextTenant,
  evidence: CommitEvidence | undefined,
): CommitResolver {
  if (!evidence) return async () => 'unknown'
  return (timeoutMs) => askUntil(timeoutMs, (deadline) => askOutcome(source, tenant, evidence, deadline))
}

/** Asks until there is an answer; an error of the connection is none. */
export async function askUntil(
  timeoutMs: number,
  look: (deadline: Deadline) => Promise<CommitOutcome | 'in progress'>,
): Promise<CommitOutcome> {
  const deadline = new Deadline(timeoutMs)
  while (deadline.remainingMs() > 0) {
    const outcome = await look(deadline).catch(() => 'in progress' as const)
    if (outcome !== 'in progress') return outcome
    await sleep(Math.min(PAUSE_MS, deadline.remainingMs()))
  }
  return 'unknown'
}

/**
 * Asks once what became of a transaction.
 *
 * @throws where the server does not answer
 */
export async function askOutcome(
  source: TenantSource,
  tenant: ContextTenant,
  evidence: CommitEvidence,
  deadline: Deadline,
): Promise<CommitOutcome | 'in progress'> {
  const connection = await LeasedConnection.open(source, tenant, deadline)
  try {
    const reply = await connection.exchange(
      { statements: [statusStatement(evidence)], leaves: IDLE },
      deadline,
    )
    // 22023: the server has not come as far as this id, so it has lost the transactions after a crash.
    if (reply.error) return reply.error.code === '22023' ? 'unknown' : 'in progress'
    const [status, incarnation] = firstRow(reply.results[0])
    // Both were read by one backend, and no backend outlives a crash.
    if (incarnation !== evidence.incarnation) return 'unknown'
    if (status === 'committed' || status === 'aborted' || status === 'in progress') return status
    return 'unknown'
  } finally {
    connection.release()
  }
}
