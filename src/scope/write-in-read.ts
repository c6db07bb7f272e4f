import { WriteInReadError } from '../errors/routing.ts'
import { isServerError } from '../errors/server-error.ts'
import { intentOf } from './intent.ts'
import type { Scope } from './scope.ts'

/**
 * read_only_sql_transaction. Every target refuses with it: a standby what it cannot do anyway, and a primary what its read-only
 * transaction may not.
 */
const READ_ONLY = '25006'

/** Tells of a write that was refused in which request it was tried; other errors come back as they are. For requests that read. */
export function explainWriteIn({
  method,
  httpRoute,
}: Pick<Scope, 'method' | 'httpRoute'>): ((error: unknown) => unknown) | undefined {
  if (intentOf(method) !== 'read') return undefined
  return (error) => {
    if (!isServerError(error) || error.code !== READ_ONLY) return error
    const route = typeof httpRoute === 'function' ? httpRoute() : httpRoute
    return new WriteInReadError(route === undefined ? `A ${method} request` : `${method} ${route}`, error)
  }
}
