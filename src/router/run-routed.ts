import type { Route } from '../telemetry.ts'
import { enclosingTransaction } from '../transaction/enclosing.ts'
import type { TenantCallback } from '../transaction/tenant-transaction.ts'
import type { TransactionRequest } from '../transaction/transaction-request.ts'
import { withTenant } from '../transaction/with-tenant.ts'
import { Deadline } from '../wire/deadline.ts'
import type { QueryResult } from '../wire/pg-internals.ts'
import { runTenantBatch } from '../wire/run-tenant-batch.ts'
import type { TenantBatch } from '../wire/tenant-batch.ts'
import type { TenantSource } from '../wire/tenant-source.ts'
import { type CallRouting, WRITE } from './call-routing.ts'

/**
 * Runs a tenant batch where it belongs.
 *
 * @param routing nothing where there is one server
 * @returns results that say where they come from, if it was routed
 */
export async function runBatchOn(
  source: TenantSource,
  batch: TenantBatch,
  routing: CallRouting | undefined,
  deadline: Deadline,
): Promise<readonly QueryResult<unknown>[]> {
  if (!routing) return runTenantBatch(source, batch, deadline)
  if (!batch.context.readOnly) {
    const results = await routing.write((watch) => runTenantBatch(source, { ...batch, watch }, deadline))
    return results.map(from(WRITE))
  }
  const read = routing.read(deadline)
  // Sent again by the route, elsewhere, and not by the batch itself on the server that was lost.
  const results = await read.run((target) =>
    runTenantBatch(target.source, { ...batch, watch: target.watch, resends: 0 }, deadline),
  )
  return results.map(from(read.route))
}

/** Runs a transaction where it belongs. Inside another transaction of the same database it joins that one, wherever it is. */
export function runTransaction<T>(
  source: TenantSource,
  request: TransactionRequest,
  routing: CallRouting | undefined,
  callback: TenantCallback<T>,
): Promise<T> {
  if (!routing || enclosingTransaction(source)) return withTenant(source, request, callback)
  if (!request.readOnly) return routing.write((watch) => withTenant(source, { ...request, watch }, callback))
  const route = routing.read(new Deadline(request.timeoutMs), request.isolation)
  return withTenant(source, { ...request, route }, callback)
}

function from(route: Route | undefined) {
  return (result: QueryResult<unknown>): QueryResult<unknown> => ({ ...result, route })
}
