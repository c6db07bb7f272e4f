import type { FastifyRequest } from 'fastify'
import { UnsupportedError } from '../../errors/unsupported.ts'
import type { TenantTransaction } from '../../query/tenant-transaction.ts'
import type { RequestScope } from '../request-scope.ts'

const scopes = new WeakMap<FastifyRequest, RequestScope>()
const transactions = new WeakMap<FastifyRequest, unknown>()

export function keepScope(request: FastifyRequest, scope: RequestScope): void {
  scopes.set(request, scope)
}

export function scopeOf(request: FastifyRequest): RequestScope | undefined {
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
