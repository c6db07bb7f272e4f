import type { BatchConnection } from './batch-connection.ts'
import type { Deadline } from './deadline.ts'
import { LeasedConnection } from './leased-connection.ts'
import type { TenantBatch } from './tenant-batch.ts'
import type { TenantSource } from './tenant-source.ts'

/**
 * A place on a connection that batches share, where they do and this one may; else one of its own. CALL and DO never share one: only
 * what they leave behind shows what they did.
 *
 * @param isBegun whether it was sent before, so that it is in flight although `close()` was called since
 * @throws what {@link LeasedConnection.open} throws
 */
export function openConnection(
  source: TenantSource,
  { context, statements, explicit, signal }: TenantBatch,
  deadline: Deadline,
  isBegun: boolean,
): Promise<BatchConnection> {
  const work = { tenant: context.tenant, statements, isRead: context.readOnly }
  const { multiplexer } = source
  return multiplexer?.takes(work) && !explicit
    ? multiplexer.open(work, deadline, signal, isBegun)
    : LeasedConnection.open(source, context.tenant, deadline, signal, isBegun)
}
