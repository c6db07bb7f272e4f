import type { TenantContext } from '../context/context-statement.ts'
import type { CommitOutcome, CommitResolver } from '../errors/outcome.ts'
import { asking, firstRow } from './commit-evidence.ts'
import type { Deadline } from './deadline.ts'
import { IDLE } from './expected-state.ts'
import { LeasedConnection } from './leased-connection.ts'
import { RECEIPTS_TABLE, type Receipt } from './receipt.ts'
import { askUntil } from './resolve-commit.ts'
import { contextStatement, ownStatement } from './statement.ts'
import type { TenantSource } from './tenant-source.ts'

/**
 * Gives up the attempt, unless it was applied: takes its place in the table, under no key. While its transaction runs, the
 * insert waits for it. And a write that is still on its way, held up in a pooler or a network, fails when it arrives, so
 * that `aborted` stays true.
 *
 * @see https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT
 */
const GIVE_UP = `insert into ${RECEIPTS_TABLE} (attempt) values ($1::pg_catalog.uuid) on conflict (tenant_id, attempt) do nothing`
const WAS_APPLIED = `select key is not null from ${RECEIPTS_TABLE} where attempt operator(pg_catalog.=) $1::pg_catalog.uuid`

/** Makes what tells later, without fail, whether a write with a receipt was committed. */
export function resolveByReceipt(
  source: TenantSource,
  context: TenantContext,
  receipt: Receipt,
): CommitResolver {
  return (timeoutMs) => askUntil(timeoutMs, (deadline) => giveUp(source, context, receipt, deadline))
}

async function giveUp(
  source: TenantSource,
  context: TenantContext,
  { attempt }: Receipt,
  deadline: Deadline,
): Promise<CommitOutcome | 'in progress'> {
  const connection = await LeasedConnection.open(source, context.tenant, deadline)
  try {
    const opening = source.context.compose(context, connection.baseline, deadline.statementTimeoutMs())
    const segment = {
      statements: [
        contextStatement(opening),
        ownStatement(GIVE_UP, [attempt]),
        // READ COMMITTED: it sees what the insert in front of it has waited for.
        asking(WAS_APPLIED, [attempt]),
      ],
      context: { index: 0, expected: opening.expected },
      leaves: IDLE,
    }
    const reply = await connection.exchange(segment, deadline)
    if (reply.error) return 'in progress'
    const [applied] = firstRow(reply.results[2])
    if (applied === 't') return 'committed'
    return applied === 'f' ? 'aborted' : 'unknown'
  } finally {
    connection.release()
  }
}
