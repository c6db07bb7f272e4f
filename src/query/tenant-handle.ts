import type { TenantContext } from '../context/context-statement.ts'
import { batchEvents } from '../telemetry.ts'
import { admitBatch, admitStatement, type CallerStatements } from '../wire/caller-statements.ts'
import { Deadline } from '../wire/deadline.ts'
import { observeWork } from '../wire/observe-work.ts'
import type { QueryResult } from '../wire/pg-internals.ts'
import type { StatementInput } from '../wire/statement.ts'
import { runTenantBatch } from '../wire/tenant-batch.ts'
import type { TenantSource } from '../wire/tenant-source.ts'

/** Work for one tenant without an open transaction: each call is one round trip, and holds nothing afterwards. */
export interface TenantHandle {
  /**
   * Runs one statement, which commits by itself.
   *
   * @throws {ForbiddenStatementError} {@link StatementInvalidError} before any byte is sent
   * @throws {CommitUnknownError} the connection was lost, or the deadline passed, under a call that is not read only
   * @throws the server's error, unwrapped
   */
  query<Row = Record<string, unknown>>(
    statement: string | StatementInput,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>>
  /** Runs statements in one round trip and one transaction: all of them commit, or none. Throws as {@link query} does. */
  batch(statements: readonly (string | StatementInput)[]): Promise<readonly QueryResult[]>
}

/** Makes the handle of a tenant. */
export function createTenantHandle(
  source: TenantSource,
  context: TenantContext,
  timeoutMs: number,
): TenantHandle {
  const run = async (admit: () => CallerStatements) => {
    const { statements, exclusive } = admit()
    const batch = { context, statements, explicit: exclusive }
    return observeWork(
      batchEvents,
      context,
      () => statements.length,
      () => runTenantBatch(source, batch, new Deadline(timeoutMs)),
    )
  }
  return {
    async query<Row>(statement: string | StatementInput, values?: readonly unknown[]) {
      const [result] = await run(() => admitStatement(statement, values))
      return result as QueryResult<Row>
    },
    async batch(statements) {
      return (await run(() => admitBatch(statements))) as readonly QueryResult[]
    },
  }
}
