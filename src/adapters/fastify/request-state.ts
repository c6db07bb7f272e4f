import type { FastifyRequest } from 'fastify'
import { UnsupportedError } from '../../errors/unsupported.ts'
import type { TenantTransaction } from '../../query/tenant-transaction.ts'
import type { RequestScope } from '../request-scope.ts'

/** The scope of a request, and the way back into it. */
export interface KeptScope {
  readonly scope: RequestScope
  readonly enter: (callback: () => void) => void
}

const scopes = new WeakMap<FastifyRequest, KeptScope>()
const transactions = new WeakMap<FastifyRequest, unknown>()

export function keepScope(request: FastifyRequest, kept: KeptScope): void {
  scopes.set(request, kept)
}

export function scopeOf(request: FastifyRequest): KeptScope | undefined {
  return scopes.get(request)
}

export function keepTransaction(request: FastifyRequest, tx: unknown): void {
  transactions.set(request, tx)
}

/**
 * The transaction that the handler of a request runs in.
 *
 * @throws {UnsupportedError} its route has none
 */
export function transactionOf<DB = unknown>(request: FastifyRequest): TenantTransaction<DB> {
  const tx = transactions.get(request)
  if (tx) return tx as TenantTransaction<DB>
  throw new UnsupportedError(
    'transactionOf(request) outside a transaction',
    'Give the route config: { leasehold: { transaction: true } }, or use db.current().',
  )
}
