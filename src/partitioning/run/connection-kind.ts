import { PartitionRefusedError } from '../../errors/partition.ts'
import type { CatalogClient } from '../../rls/catalog/catalog-client.ts'

/**
 * Makes sure that every statement reaches the same backend, which keeps the session's settings and locks. A pooler names a process of its
 * own at start-up, and hands each transaction to whichever backend is free.
 *
 * @param client of pg's JavaScript driver, which keeps the process id of the start-up
 * @throws {PartitionRefusedError} `pooler`
 */
export async function refusePooler(client: CatalogClient): Promise<void> {
  const { rows } = await client.query('select pg_catalog.pg_backend_pid() as pid')
  const [answer] = rows as readonly { readonly pid: number }[]
  const named = 'processID' in client ? client.processID : undefined
  if (typeof named === 'number' && named === answer?.pid) return
  throw new PartitionRefusedError(
    'pooler',
    'The connection leads to a pooler, not to PostgreSQL itself. There, two runs would both be given the lock that keeps them apart, and ' +
      'limits meant for this job would be those of others. Use the address of the server behind it; where none can be had, applyPlan ' +
      'takes `pooled`. Nothing was changed.',
  )
}

/**
 * Makes sure that no statement waits for a lock for ever where the session cannot be told how long.
 *
 * @throws {PartitionRefusedError} `lock-timeout`
 */
export async function requireRoleLockTimeout(client: CatalogClient): Promise<void> {
  const { rows } = await client.query(
    "select setting = '0' as unlimited, current_user as role from pg_catalog.pg_settings where name = 'lock_timeout'",
  )
  const [answer] = rows as readonly { readonly unlimited: boolean; readonly role: string }[]
  if (answer?.unlimited === false) return
  throw new PartitionRefusedError(
    'lock-timeout',
    `Behind a pooler the role ${JSON.stringify(answer?.role)} needs a lock_timeout of its own, or one statement would wait for a lock for ever. Run ` +
      `ALTER ROLE … SET lock_timeout = '30s', and have the pooler open new connections. Nothing was changed.`,
  )
}

/**
 * Makes sure that what is done here is not part of a transaction that somebody else ends.
 *
 * @throws {PartitionRefusedError} `transaction`
 */
export async function refuseTransaction(client: CatalogClient): Promise<void> {
  // The two are the same only of the first statement of a transaction.
  const { rows } = await client.query('select pg_catalog.now() = pg_catalog.statement_timestamp() as first')
  const [answer] = rows as readonly { readonly first: boolean }[]
  if (answer?.first) return
  throw new PartitionRefusedError(
    'transaction',
    'The connection is in a transaction, in which partitions cannot be detached concurrently. Use one of its own. Nothing was changed.',
  )
}
