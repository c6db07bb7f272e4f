import type { Leasehold } from '../leasehold.ts'
import type { TenantTransaction } from '../query/tenant-transaction.ts'
import type { RequestScope } from './request-scope.ts'

/** How a handler answered, which is not sent before the transaction has ended. */
export interface HeldAnswer {
  readonly status: number
}

/** Rolls back what a handler did that answers with an error of its own. */
class RolledBack extends Error {}

const FIRST_SERVER_ERROR = 500

/**
 * Runs a handler in one transaction, up to the answer of its COMMIT. An answer of 500 and above rolls back, and is still the answer.
 *
 * @param signal aborts when the client goes away
 * @throws what the handler throws, and what `withTenant` throws: then what the handler answered is not to be sent
 */
export async function inTransaction<DB>(
  db: Leasehold<DB>,
  { options, reads }: RequestScope,
  signal: AbortSignal,
  handle: (tx: TenantTransaction<DB>) => Promise<HeldAnswer>,
): Promise<void> {
  const work = async (tx: unknown) => {
    // With `readOnly` the methods that write are missing from its type alone.
    const { status } = await handle(tx as TenantTransaction<DB>)
    if (status >= FIRST_SERVER_ERROR) throw new RolledBack()
  }
  const { tenant, settings } = options
  const call = { signal, ...(settings && { settings }) }
  try {
    if (reads) await db.withTenant(tenant, work, { ...call, route: 'replica' })
    else await db.withTenant(tenant, work, call)
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error
  }
}
