import { randomUUID } from 'node:crypto'
import { NO_TENANT } from '../context/no-tenant.ts'
import { ReasonRequiredError } from '../errors/system.ts'
import { systemEvents, type WorkEvent } from '../telemetry.ts'
import { enclosingTransaction } from '../transaction/enclosing.ts'
import type { TenantCallback } from '../transaction/tenant-transaction.ts'
import type { TransactionRequest } from '../transaction/transaction-request.ts'
import { withTenant } from '../transaction/with-tenant.ts'
import { observeWork } from '../wire/observe-work.ts'
import type { TenantSource } from '../wire/tenant-source.ts'
import { CountedTransaction, type StatementCount } from './counted-transaction.ts'

/** What is asked of work across tenants. */
export type SystemRequest = Omit<TransactionRequest, 'tenant'> & { readonly reason: unknown }

/**
 * Runs a callback in a transaction without a tenant, over the pool whose login role may see every tenant's rows. An audit
 * event goes out before anything is sent, and one when it has ended.
 *
 * @throws {ReasonRequiredError} and what `withTenant` throws
 */
export async function runAsSystem<T>(
  source: TenantSource,
  { reason: given, ...asked }: SystemRequest,
  callback: TenantCallback<T>,
): Promise<T> {
  const reason = parseReason(given)
  const { readOnly } = asked
  const call = { call: randomUUID(), reason, readOnly, joined: enclosingTransaction(source) !== undefined }
  const count: StatementCount = { statements: 0 }
  systemEvents.publish(() => ({ phase: 'begin', ...call }))
  const events = {
    name: systemEvents.name,
    publish: (compose: () => WorkEvent) =>
      systemEvents.publish(() => ({ phase: 'end', ...call, ...end(compose()) })),
  }
  return observeWork(
    events,
    { tenant: NO_TENANT, settings: [], readOnly },
    () => count.statements,
    () =>
      withTenant(source, { ...asked, tenant: NO_TENANT }, (tx) =>
        callback(new CountedTransaction(tx, count)),
      ),
  )
}

function end({ outcome, code, statements, durationMs }: WorkEvent) {
  // Hooks that fail after the commit do not undo it.
  const isCommitted = code === 'LSH_ERR_AFTER_COMMIT'
  return { outcome: isCommitted ? ('committed' as const) : outcome, code, statements, durationMs }
}

/** @throws {ReasonRequiredError} */
function parseReason(given: unknown): string {
  if (typeof given !== 'string' || given.trim() === '') throw new ReasonRequiredError()
  return given.trim()
}
