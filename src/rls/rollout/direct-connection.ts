import type { CatalogClient } from '../catalog/catalog-client.ts'
import { answeredWithin } from './answered-within.ts'
import { RolloutError } from './rollout-error.ts'

/**
 * Makes sure that every statement reaches the same backend. A pooler names a process of its own at start-up, and hands each
 * transaction to whichever backend is free: settings and locks of a session would be left to strangers.
 *
 * @param client of pg's JavaScript driver, which keeps the process id of the start-up
 * @throws {RolloutError} when the backend is not the one that the start-up named
 */
export async function refusePooler(client: CatalogClient): Promise<void> {
  const { rows } = await answeredWithin(client.query('select pg_catalog.pg_backend_pid() as pid'), 0)
  const [answer] = rows as readonly { readonly pid: number }[]
  const named = 'processID' in client ? client.processID : undefined
  if (typeof named === 'number' && named === answer?.pid) return
  throw new RolloutError(
    'pooler',
    'The connection leads to a pooler, and not to PostgreSQL itself. A rollout sets limits and takes a lock for its ' +
      'session, which a pooler would hand to others. Use the address of the server behind it. Nothing was changed.',
  )
}
