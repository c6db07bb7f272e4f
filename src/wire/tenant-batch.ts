import type { TenantContext } from '../context/context-statement.ts'
import { ConnectionLostError } from '../errors/connection.ts'
import type { Deadline } from './deadline.ts'
import { IDLE, IDLE_OR_FAILED } from './expected-state.ts'
import { outcomeOfRead, outcomeOfWrite } from './failure.ts'
import { LeasedConnection } from './leased-connection.ts'
import type { QueryResult } from './pg-internals.ts'
import { refusePoison } from './poison.ts'
import { isPreparationFailure } from './preparation-failure.ts'
import type { Reply, Segment } from './reply-reader.ts'
import { contextStatement, ownStatement, type WireStatement } from './statement.ts'
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
  const connection = await LeasedConnection.open(source, batch.context.tenant, deadline)
  try {
    const first = await exchange(source, batch, connection, deadline)
    // The error rolled everything back, a write too, so the batch may go again.
    const again = first.reply.error && isPreparationFailure(first.reply.error)
    const { reply, segment } = again
      ? await exchange(source, withoutNames(batch), connection, deadline)
      : first
    if (reply.error) throw reply.error
    if (reply.parseFailure !== undefined) throw reply.parseFailure
    const start = (segment.context?.index ?? 0) + 1
    return reply.results.slice(start, start + batch.statements.length)
  } finally {
    connection.release()
  }
}

/** Sends a batch and reads its reply; leaves the connection idle or destroyed. */
async function exchange(
  source: TenantSource,
  batch: TenantBatch,
  connection: LeasedConnection,
  deadline: Deadline,
): Promise<{ segment: Segment; reply: Reply }> {
  const context = source.context.compose(batch.context, connection.baseline, deadline.statementTimeoutMs())
  const segment = layOut(batch, contextStatement(context), context.expected)
  const reply = await connection.exchange(segment, deadline)
  const poisoned = await refusePoison(connection, segment, reply, deadline)
  if (poisoned) throw poisoned
  if (reply.status === 'E') await connection.rollBack(deadline)
  return { segment, reply }
}

function withoutNames(batch: TenantBatch): TenantBatch {
  return { ...batch, statements: batch.statements.map((statement) => ({ ...statement, reusable: false })) }
}

function layOut(batch: TenantBatch, context: WireStatement, expected: readonly string[]): Segment {
  const core = [context, ...batch.statements]
  if (!batch.explicit) return { statements: core, context: { index: 0, expected }, leaves: IDLE }
  const statements = [ownStatement('begin'), ...core, ownStatement('commit')]
  return { statements, context: { index: 1, expected }, leaves: IDLE_OR_FAILED }
}
