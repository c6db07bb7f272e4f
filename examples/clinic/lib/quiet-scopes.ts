import { withoutValues } from '@clinic/kit'
import type { NextScopes } from 'leasehold/next'

/**
 * The same wrappers, of which nothing comes out that holds a value of a row: Next.js logs whatever a page or an action throws, with all
 * that PostgreSQL has said.
 */
export function quietScopes<DB>(scopes: NextScopes<DB>): NextScopes<DB> {
  return {
    route: (...given) => quiet(scopes.route(...given)),
    action: (...given) => quiet(scopes.action(...given)),
    read: (...given) => quiet(scopes.read(...given)),
    transactionRoute: (...given) => quiet(scopes.transactionRoute(...given)),
    transactionAction: (...given) => quiet(scopes.transactionAction(...given)),
  }
}

function quiet<Args extends unknown[], T>(
  work: (...args: Args) => Promise<T>,
): (...args: Args) => Promise<T> {
  return async (...args) => {
    try {
      return await work(...args)
    } catch (error) {
      throw withoutValues(error)
    }
  }
}
