import { ScopeRequiredError } from '../../errors/tenant.ts'
import type { TenantTransaction } from '../../query/tenant-transaction.ts'
import type { Client } from '../client.ts'
import { RequestTransaction } from '../request-transaction.ts'
import type { Entered } from './entered.ts'
import { isAnswer } from './next-functions.ts'

interface Ending<T> {
  readonly timeoutMs: number | undefined
  /** Who waits. @default somebody who stays: Next.js tells an action nothing of its client */
  readonly client?: Client
  /** The status that what was returned is answered with. @default one that commits */
  readonly statusOf?: (returned: T) => number
}

/** What became of the work: a value, or an answer that it threw. */
type Outcome<T> = { readonly returned: T } | { readonly thrown: unknown }

const STAYS: Client = { isGone: () => false, onGone: () => () => {} }
const OK = 200

/**
 * Runs work in a transaction that is over when this settles. What Next.js has thrown as an answer is thrown again behind the commit.
 *
 * @throws {ScopeRequiredError} there is no scope
 */
export async function runInTransaction<T>(
  { db, next, scope }: Entered,
  work: (tx: TenantTransaction) => T | Promise<T>,
  { timeoutMs, client = STAYS, statusOf = () => OK }: Ending<T>,
): Promise<T> {
  if (!scope) {
    throw new ScopeRequiredError(
      'A function in a transaction was called for a request without an identity. Have `identify` give one, or refuse the request there.',
    )
  }
  const handle = async (tx: TenantTransaction): Promise<Outcome<T>> => {
    try {
      return { returned: await work(tx) }
    } catch (thrown) {
      if (isAnswer(thrown, next)) return { thrown }
      throw thrown
    }
  }
  const transaction = new RequestTransaction(db, scope, client, handle, timeoutMs)
  const outcome = await end(transaction, statusOf)
  if ('thrown' in outcome) throw outcome.thrown
  return outcome.returned
}

async function end<T>(
  transaction: RequestTransaction<Outcome<T>>,
  statusOf: (returned: T) => number,
): Promise<Outcome<T>> {
  try {
    const outcome = await Promise.race([transaction.handled, transaction.lost])
    await transaction.finish('returned' in outcome ? statusOf(outcome.returned) : OK)
    return outcome
  } catch (error) {
    throw await transaction.fail(error)
  }
}
