import type { FastifyRequest } from 'fastify'
import { UnsupportedError } from '../../errors/unsupported.ts'
import type { TenantTransaction } from '../../query/tenant-transaction.ts'
import type { RequestScope } from '../request-scope.ts'
import type { RequestTransaction } from '../request-transaction.ts'

/** What is kept of a request; not on it, so that nobody else can put it there. */
export interface RequestState {
  readonly scope: RequestScope
  transaction?: RequestTransaction<unknown>
  tx?: TenantTransaction
  /** Whether the handler, or who answers for it, has said what to answer. */
  isAnswered?: boolean
  /** Names of the headers that were there before the handler. */
  headersBefore?: ReadonlySet<string>
}

const states = new WeakMap<FastifyRequest, RequestState>()

export function keepState(request: FastifyRequest, state: RequestState): void {
  states.set(request, state)
}

export function stateOf(request: FastifyRequest): RequestState | undefined {
  return states.get(request)
}

/**
 * The transaction that the handler of a request runs in.
 *
 * @throws {UnsupportedError} its route has none
 */
export function transactionOf<DB = unknown>(request: FastifyRequest): TenantTransaction<DB> {
  const tx = stateOf(request)?.tx
  if (tx) return tx as TenantTransaction<DB>
  throw new UnsupportedError(
    'transactionOf(request) outside a transaction',
    'Give the route config: { leasehold: { transaction: true } }, or use db.current().',
  )
}
