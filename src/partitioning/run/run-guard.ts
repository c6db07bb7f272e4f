import { PartitionRefusedError } from '../../errors/partition.ts'
import { isServerError } from '../../errors/server-error.ts'
import type { CatalogClient } from '../../rls/catalog/catalog-client.ts'
import type { ApplyOptions } from './apply-options.ts'
import { refusePooler, refuseTransaction, requireRoleLockTimeout } from './connection-kind.ts'
import { releaseRunLocks, takeRunLocks } from './run-locks.ts'
import { RESET_SESSION, SET_CHECK_CLIENT, SET_SESSION } from './session-settings.ts'

/** What keeps other runs out, and the session as it has to be. */
export interface RunGuard {
  /** Fails where other runs are no longer kept out. */
  confirm(): Promise<unknown>
  /** Gives the locks back, and leaves the session as it was. */
  release(): Promise<void>
}

const DEFAULT_BUSY_WAIT_MS = 3_000

/**
 * Readies the connection for a run, and keeps other runs of its tables out.
 *
 * @param bounded the same client, each of whose answers is waited for within a limit
 * @throws {PartitionRefusedError} {@link PartitionBusyError}
 */
export async function guardRun(
  { client, bounded }: { readonly client: CatalogClient; readonly bounded: CatalogClient },
  tables: readonly string[],
  { pooled, busyWaitMs: waitMs = DEFAULT_BUSY_WAIT_MS }: ApplyOptions,
): Promise<RunGuard> {
  if (pooled) return guardPooled(bounded, pooled.lockClient, tables, waitMs)
  await refusePooler(client)
  await refuseTransaction(bounded)
  await bounded.query(SET_SESSION)
  await bounded.query(SET_CHECK_CLIENT).catch((error: unknown) => {
    if (!isServerError(error)) throw error
  })
  const oids = await takeRunLocks(bounded, tables, { scope: 'session', waitMs }).catch(
    async (error: unknown) => {
      await bounded.query(RESET_SESSION).catch(() => {})
      throw error
    },
  )
  return {
    // The lock is of the session that sends the steps: with it, they end too.
    confirm: () => Promise.resolve(),
    release: async () => {
      await releaseRunLocks(bounded, oids)
      await bounded.query(RESET_SESSION)
    },
  }
}

/** A lock of a transaction on a connection of its own is right behind a pooler as well, and goes when its client does. */
async function guardPooled(
  client: CatalogClient,
  lockClient: CatalogClient,
  tables: readonly string[],
  waitMs: number,
): Promise<RunGuard> {
  if (lockClient === client) {
    throw new PartitionRefusedError(
      'pooler',
      '`pooled.lockClient` must be a connection of its own. Nothing was changed.',
    )
  }
  await requireRoleLockTimeout(client)
  await lockClient.query('begin; set local idle_in_transaction_session_timeout = 0')
  try {
    await takeRunLocks(lockClient, tables, { scope: 'transaction', waitMs })
  } catch (error) {
    await lockClient.query('rollback').catch(() => {})
    throw error
  }
  return {
    confirm: () => lockClient.query('select pg_catalog.pg_backend_pid()'),
    release: async () => {
      await lockClient.query('rollback')
    },
  }
}
