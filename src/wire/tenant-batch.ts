import type { TenantContext } from '../context/context-statement.ts'
import { ConnectionLostError } from '../errors/connection.ts'
import { TransactionStateError } from '../errors/protocol.ts'
import { alarmEvents } from '../telemetry.ts'
import type { Deadline } from './deadline.ts'
import { outcomeOfRead, outcomeOfWrite } from './failure.ts'
import { LeasedConnection } from './leased-connection.ts'
import type { QueryResult } from './pg-internals.ts'
import { refusePoison } from './poison.ts'
import type { Reply, Segment } from './reply-reader.ts'
import { ownStatement, type WireStatement } from './statement.ts'
import type { TenantSource } from './tenant-source.ts'

/** How often a read is sent again after its connection was lost: a pooler's restart can kill several idle ones. */
const READ_RETRIES = 2

/** Statements of one tenant that go out together and commit together. */
export interface TenantBatch {
  readonly context: TenantContext
  readonly statements: readonly WireStatement[]
  /**
   * Wraps the batch in an explicit transaction block. CALL and DO need it: in the implicit one a procedure may
   * COMMIT, which ends the tenant context while statements still follow; in an explicit one PostgreSQL refuses that.
   */
  readonly explicit: boolean
}

/**
 * Runs a tenant batch in one round trip: context and statements leave in one flush before one Sync, which PostgreSQL
 * runs as one transaction and pgbouncer keeps on one server connection.
 *
 * A batch that is known to be read only is sent again when its connection is lost. A write never is.
 *
 * @returns one result for each statement
 * @throws the server's error, or one of the connection, outcome and protocol families
 */
export async function runTenantBatch(
  source: TenantSource,
  batch: TenantBatch,
  deadline: Deadline,
): Promise<readonly QueryResult<unknown>[]> {
  const { readOnly } = batch.context
  for (let retries = readOnly ? READ_RETRIES : 0; ; retries -= 1) {
    try {
      return await sendOnce(source, batch, deadline)
    } catch (failure) {
      const error = readOnly ? outcomeOfRead(failure) : outcomeOfWrite(failure)
      if (retries === 0 || !(error instanceof ConnectionLostError)) throw error
    }
  }
}

async function sendOnce(
  source: TenantSource,
  batch: TenantBatch,
  deadline: Deadline,
): Promise<readonly QueryResult<unknown>[]> {
  const connection = await LeasedConnection.open(source, deadline)
  try {
    const context = source.context.compose(batch.context, connection.baseline, deadline.statementTimeoutMs())
    const segment = layOut(batch, ownStatement(context.text, context.values), context.expected)
    const reply = await connection.exchange(segment, deadline)
    await settle(connection, segment, reply, deadline)
    const first = (segment.context?.index ?? 0) + 1
    return reply.results.slice(first, first + batch.statements.length)
  } finally {
    connection.release()
  }
}

function layOut(batch: TenantBatch, context: WireStatement, expected: readonly string[]): Segment {
  const core = [context, ...batch.statements]
  return batch.explicit
    ? {
        statements: [ownStatement('begin'), ...core, ownStatement('commit')],
        context: { index: 1, expected },
      }
    : { statements: core, context: { index: 0, expected } }
}

/** Throws what the reply holds of errors, and leaves the connection either idle or destroyed. */
async function settle(
  connection: LeasedConnection,
  segment: Segment,
  reply: Reply,
  deadline: Deadline,
): Promise<void> {
  const poisoned = await refusePoison(connection, segment, reply, deadline)
  if (poisoned) throw poisoned
  if (segment.context?.index === 1 && reply.error && reply.status === 'E') {
    await rollBack(connection, deadline)
    throw reply.error
  }
  const { status } = reply
  if (status !== 'I') {
    const error = new TransactionStateError(
      'idle',
      status === 'T' ? 'in a transaction' : 'in a failed transaction',
    )
    alarmEvents.publish(() => ({ alarm: 'transaction-state', detail: 'after a batch' }))
    connection.destroy(error)
    throw error
  }
  if (reply.error) throw reply.error
  if (reply.parseFailure !== undefined) throw reply.parseFailure
}

/** Ends the failed block. If that fails too, ending the connection ends it, so the caller's own error stays the news. */
async function rollBack(connection: LeasedConnection, deadline: Deadline): Promise<void> {
  try {
    const { status } = await connection.exchange({ statements: [ownStatement('rollback')] }, deadline)
    if (status !== 'I') connection.destroy(new TransactionStateError('idle', 'still in a transaction'))
  } catch (failure) {
    connection.destroy(failure)
  }
}
