import type { ContextStatement } from '../context/context-statement.ts'
import { ConnectionLostError } from '../errors/connection.ts'
import { ExchangeFailure } from '../errors/exchange-failure.ts'
import type { CommitResolver } from '../errors/outcome.ts'
import { ResultUnreadableError } from '../errors/statement.ts'
import type { BatchConnection } from './batch-connection.ts'
import { EVIDENCE, readEvidence } from './commit-evidence.ts'
import type { Deadline } from './deadline.ts'
import { ANY, IDLE, IDLE_OR_FAILED } from './expected-state.ts'
import { outcomeOfRead, outcomeOfWrite, unreplicated } from './failure.ts'
import { MovedSignal } from './multiplexing/moved-signal.ts'
import { openConnection } from './open-connection.ts'
import type { QueryResult } from './pg-internals.ts'
import { refusePoison } from './poison.ts'
import { isPreparationFailure } from './preparation-failure.ts'
import { readReceiptError, receiptStatement } from './receipt.ts'
import type { Reply, Segment } from './reply-reader.ts'
import { resolveByEvidence } from './resolve-commit.ts'
import { resolveByReceipt } from './resolve-receipt.ts'
import { POSITION, readPosition, readStandbyPosition, type ServerPosition } from './server-position.ts'
import { contextStatement, ownStatement, type WireStatement } from './statement.ts'
import type { TenantBatch } from './tenant-batch.ts'
import type { TenantSource } from './tenant-source.ts'
import { untilAborted } from './until-aborted.ts'

/** A pooler's restart can kill several idle connections. */
const RESENDS = 2

/** Flushed, so that the answer is on its way before the Sync behind it commits. */
const EARLY_EVIDENCE: WireStatement = { ...EVIDENCE, flush: true }
const READ = /^\s*(?:select|values|table|show)\b/i

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
  const { resends = RESENDS } = batch
  for (let retries = readOnly ? resends : 0; ; retries -= 1) {
    try {
      return await sendUntilHeard(source, batch, deadline)
    } catch (failure) {
      const resolve = resolver(source, batch, failure)
      const error = readOnly ? outcomeOfRead(failure) : outcomeOfWrite(failure, resolve)
      if (retries === 0 || !(error instanceof ConnectionLostError)) throw error
    }
  }
}

/** A read that stood behind one that takes long goes out again, as often as that is so. */
async function sendUntilHeard(
  source: TenantSource,
  batch: TenantBatch,
  deadline: Deadline,
): Promise<readonly QueryResult<unknown>[]> {
  for (let isBegun = false; ; isBegun = true) {
    try {
      return await sendOnce(source, batch, deadline, isBegun)
    } catch (failure) {
      if (!(failure instanceof MovedSignal)) throw failure
    }
  }
}

async function sendOnce(
  source: TenantSource,
  batch: TenantBatch,
  deadline: Deadline,
  isBegun: boolean,
): Promise<readonly QueryResult<unknown>[]> {
  const { context, signal } = batch
  const connection = await openConnection(source, batch, deadline, isBegun)
  if (signal?.aborted) {
    connection.release()
    throw signal.reason
  }
  const work = () => runOn(source, batch, connection, deadline)
  if (signal && context.readOnly) return untilAborted(connection, signal, work)
  try {
    return await work()
  } finally {
    connection.release()
  }
}

async function runOn(
  source: TenantSource,
  batch: TenantBatch,
  connection: BatchConnection,
  deadline: Deadline,
): Promise<readonly QueryResult<unknown>[]> {
  const first = await exchange(source, batch, connection, deadline)
  // The error rolled everything back, a write too, so the batch may go again.
  const again = first.reply.error && isPreparationFailure(first.reply.error)
  const { reply, segment, position } = again
    ? await exchange(source, withoutNames(batch), connection, deadline)
    : first
  if (reply.reported) batch.watch?.opened?.(readStandbyPosition(reply.reported))
  if (reply.error) throw batch.receipt ? readReceiptError(reply.error) : reply.error
  if (reply.unreplicated) throw unreplicated()
  if (reply.parseFailure !== undefined) {
    throw batch.context.readOnly ? reply.parseFailure : new ResultUnreadableError(reply.parseFailure)
  }
  const start = (segment.context?.index ?? 0) + (batch.receipt ? 2 : 1)
  const end = start + batch.statements.length
  if (batch.watch?.closed) {
    batch.watch.closed(batch.context.readOnly ? readPosition(reply.results[end]) : await position)
  }
  return reply.results.slice(start, end)
}

interface Answer {
  readonly segment: Segment
  readonly reply: Reply
  /** Where the server stood after the commit, where that was asked apart. */
  readonly position: Promise<ServerPosition | undefined> | undefined
}

/** Sends a batch and reads its reply; leaves the connection idle or destroyed. */
async function exchange(
  source: TenantSource,
  batch: TenantBatch,
  connection: BatchConnection,
  deadline: Deadline,
): Promise<Answer> {
  const context = source.context.compose(batch.context, connection.baseline, deadline.statementTimeoutMs())
  const segment = layOut(batch, context, asksBehind(batch, connection))
  const answer = connection.exchange(segment, deadline)
  const position = batch.context.readOnly ? undefined : askAfterCommit(batch, connection, deadline)
  const reply = await answer
  if (reply.error) await refusePoison(connection, segment, reply, deadline)
  if (reply.status === 'E') await connection.rollBack(deadline)
  return { segment, reply, position }
}

/**
 * Asks where the server stands once a write has been committed, which it is at its own Sync: in a segment of its own, which
 * leaves in the same flush. That it is not answered says nothing about the write.
 */
function askAfterCommit(
  { watch }: TenantBatch,
  connection: BatchConnection,
  deadline: Deadline,
): Promise<ServerPosition | undefined> | undefined {
  if (!watch?.closed || !connection.mayReadPosition) return undefined
  return connection.exchange({ statements: [POSITION], leaves: ANY }, deadline).then(
    ({ results }) => readPosition(results[0]),
    () => undefined,
  )
}

/** What the library asks behind the caller's statements. */
function asksBehind(batch: TenantBatch, connection: BatchConnection): readonly WireStatement[] {
  if (batch.context.readOnly) return batch.watch?.closed && connection.mayReadPosition ? [POSITION] : []
  return connection.mayReadEvidence && mayWrite(batch) ? [EARLY_EVIDENCE] : []
}

/** The evidence stands behind the caller's statements, where the answer to a lost batch had come so far. */
function resolver(source: TenantSource, batch: TenantBatch, failure: unknown): CommitResolver {
  if (batch.receipt) return resolveByReceipt(source, batch.context, batch.receipt)
  const answers = failure instanceof ExchangeFailure ? (failure.results as QueryResult<unknown>[]) : []
  const behind = (batch.explicit ? 2 : 1) + batch.statements.length
  return resolveByEvidence(source, batch.context.tenant, readEvidence(answers[behind]))
}

function withoutNames(batch: TenantBatch): TenantBatch {
  return { ...batch, statements: batch.statements.map((statement) => ({ ...statement, reusable: false })) }
}

/** A `select` that writes by a function is not seen, and leaves no evidence; what became of it stays unknown. */
function mayWrite({ context, statements, receipt }: TenantBatch): boolean {
  return !context.readOnly && !receipt && !statements.every(({ text }) => READ.test(text))
}

function layOut(batch: TenantBatch, context: ContextStatement, behind: readonly WireStatement[]): Segment {
  const { expected, reports } = context
  const receipt = batch.receipt ? [receiptStatement(batch.receipt)] : []
  const core = [contextStatement(context), ...receipt, ...batch.statements, ...behind]
  if (!batch.explicit) return { statements: core, context: { index: 0, expected, reports }, leaves: IDLE }
  const statements = [ownStatement('begin'), ...core, ownStatement('commit')]
  return { statements, context: { index: 1, expected, reports }, leaves: IDLE_OR_FAILED }
}
