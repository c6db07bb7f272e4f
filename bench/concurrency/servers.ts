import { Client } from 'pg'
import { type PoolerNode, type PostgresNode, startPgbouncer, startRig } from '../../src/testing/index.ts'
import { fillPatients } from '../topology/topology.ts'

/** PostgreSQL with the patients in it. */
export interface Servers {
  readonly primary: PostgresNode
  readonly version: string
}

export async function startServers(resources: AsyncDisposableStack): Promise<Servers> {
  const rig = resources.use(
    await startRig({ standbys: 0, redis: false, settings: { autovacuum: 'off', shared_buffers: '256MB' } }),
  )
  return { primary: rig.primary, version: await fillPatients(rig.primary.adminUrl()) }
}

/** A pgbouncer that nobody has used, so that its connections are those of who uses it now. */
export function startFreshPooler({ primary }: Servers, poolSize: number): Promise<PoolerNode> {
  return startPgbouncer({
    version: '1.24',
    target: primary,
    poolSize,
    users: ['app', 'unscoped'],
    settings: { max_client_conn: 2_000 },
  })
}

/** Ends what still runs for somebody who has gone: PostgreSQL notices that only when it answers. */
export async function endSessions({ primary }: Servers): Promise<void> {
  const admin = new Client({ connectionString: primary.adminUrl() })
  await admin.connect()
  try {
    await admin.query(
      "select pg_terminate_backend(pid, 10000) from pg_stat_activity where usename in ('app', 'unscoped')",
    )
  } finally {
    await admin.end()
  }
}
