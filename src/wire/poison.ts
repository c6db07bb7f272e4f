import { readPoisonReport } from '../context/session-guard.ts'
import { PoisonedBackendError } from '../errors/protocol.ts'
import { alarmEvents } from '../telemetry.ts'
import type { BatchConnection } from './batch-connection.ts'
import type { Deadline } from './deadline.ts'
import { IDLE } from './expected-state.ts'
import type { Reply, Segment } from './reply-reader.ts'
import { ownStatement } from './statement.ts'

/**
 * Looks whether the guard of the context statement has failed. If so, raises the alarm, terminates the poisoned
 * backend and destroys the connection: destroying only the client's connection leaves the backend behind pgbouncer
 * for the next client. A role may terminate the backends of its own sessions.
 *
 * @throws {PoisonedBackendError}
 * @see https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SIGNAL
 */
export async function refusePoison(
  connection: BatchConnection,
  segment: Segment,
  reply: Reply,
  deadline: Deadline,
): Promise<void> {
  // An error of the caller's own statement may say anything, so only the context statement's is believed.
  if (!reply.error || !segment.context || reply.failedAt !== segment.context.index) return
  const report = readPoisonReport(reply.error)
  if (!report) return
  alarmEvents.publish(() => ({ alarm: 'poisoned-backend', detail: report.poison }))
  const error = new PoisonedBackendError(report.poison)
  try {
    // In a failed transaction nothing but ROLLBACK runs.
    if (reply.status === 'E') await connection.rollBack(deadline)
    const terminate = ownStatement('select pg_catalog.pg_terminate_backend($1::pg_catalog.int4)', [
      String(report.pid),
    ])
    // A poisoned role may not be allowed to terminate the backends of the role that logged in.
    const statements = [ownStatement('reset role'), { ...terminate, describe: true }]
    await connection.exchange({ statements, leaves: IDLE }, deadline)
  } catch {
    // On a direct connection the backend that dies is the one that answers.
  }
  connection.destroy(error)
  throw error
}
