import { randomBytes } from 'node:crypto'
import { SESSION_BASELINE } from '../context/session-baseline.ts'
import { MAY_READ_EVIDENCE, mayCall } from './commit-evidence.ts'
import type { Deadline } from './deadline.ts'
import { IDLE } from './expected-state.ts'
import { outcomeOfRead } from './failure.ts'
import { PreparedStatements } from './prepared-statements.ts'
import { POSITION_FUNCTIONS } from './server-position.ts'
import { callerStatement } from './statement.ts'
import type { StatementNames } from './statement-names.ts'
import type { KnownSession, WireConnection } from './wire-connection.ts'

/** Whether statements are prepared: always, never, or where what is between us and the server keeps their names apart. */
export type Prepare = boolean | 'auto'

const baseline = callerStatement({ text: SESSION_BASELINE, rowMode: 'array' })
const mayReadPosition = mayCall(POSITION_FUNCTIONS)
const pid = callerStatement({ text: 'select pg_catalog.pg_backend_pid()', rowMode: 'array' })
const names = callerStatement({
  text: 'select name from pg_catalog.pg_prepared_statements',
  rowMode: 'array',
})
/** What pgbouncer 1.21 and later, with max_prepared_statements above 0, call every prepared statement on the server. */
const POOLER_NAME = /^PGBOUNCER_[0-9]+$/

/**
 * Finds out, in one round trip, what the library must know of a connection before it is used.
 *
 * Names hold on a direct connection, where the backend is the one that the start-up named, and behind a pooler that
 * prepares them under names of its own, which shows in how the probe itself is called on the server. The probe is closed
 * before its Sync, so that behind any other pooler it is not left to the next client.
 *
 * The same tells whether several segments may be on their way. Before 1.21 pgbouncer takes a server connection for free at the first
 * ReadyForQuery, whatever else was sent on it; and should the client's connection be lost then, the next client is given the rest of
 * the replies.
 *
 * @param isShared whether batches are to share the connection
 * @throws {ConnectionLostError} {@link DeadlineError} the server's own error
 */
export async function findSession(
  wire: WireConnection,
  prepare: Prepare,
  statementNames: StatementNames,
  deadline: Deadline,
  isShared: boolean = false,
): Promise<KnownSession> {
  const probe = prepare === 'auto' || isShared
  const always = [baseline, MAY_READ_EVIDENCE, mayReadPosition]
  const statements = probe ? [...always, pid, names] : always
  const probeName = `lsh_probe_${randomBytes(8).toString('hex')}`
  const order = {
    statements: statements.map((statement) => ({
      statement,
      name: statement === names ? probeName : '',
      parse: statement.text,
    })),
    closeBefore: [],
    closeAfter: probe ? [probeName] : [],
  }
  const reply = await wire
    .exchange({ statements, leaves: IDLE }, deadline, order)
    .catch((failure: unknown) => {
      throw outcomeOfRead(failure)
    })
  if (reply.error) throw reply.error
  const answers = reply.results.map(({ rows }) => rows as readonly (readonly unknown[])[])
  const [[[currentUser, settings] = []] = [], [[evidence] = []] = [], [[position] = []] = []] = answers
  const [[[backendPid] = []] = [], prepared = []] = answers.slice(always.length)
  const isDirect = probe && String(backendPid) === String(wire.backendPid)
  const isRenamed = prepared.some(([name]) => POOLER_NAME.test(String(name)))
  const holds = prepare === true || (prepare === 'auto' && (isDirect || isRenamed))
  return {
    baseline: {
      currentUser: String(currentUser),
      settings: String(settings),
    },
    prepared: holds ? new PreparedStatements(statementNames) : undefined,
    mayQueue: isDirect || isRenamed,
    mayReadEvidence: evidence === 't',
    mayReadPosition: position === 't',
  }
}
