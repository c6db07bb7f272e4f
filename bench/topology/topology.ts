import { Client } from 'pg'
import { type ServerAddress, startPgbouncer, startRig } from '../../src/testing/index.ts'
import type { PeerOptions } from '../patients/peer.ts'
import { Child } from '../processes/child.ts'
import { DISTANCES, type Distance } from './distance.ts'
import { SCHEMA } from './schema.ts'

export const SERVER_CONNECTIONS = 10
const DELAY_MS = 1

/** PostgreSQL behind pgbouncer, near and far. */
export interface Topology {
  readonly addresses: Readonly<Record<Distance, ServerAddress>>
  readonly versions: { readonly postgres: string; readonly pgbouncer: string }
}

/** Starts the servers and fills the table. */
export async function startTopology(resources: AsyncDisposableStack): Promise<Topology> {
  // A vacuum in the middle of one peer's slice would be measured as that peer's.
  const rig = resources.use(
    await startRig({ standbys: 0, redis: false, settings: { autovacuum: 'off', shared_buffers: '256MB' } }),
  )
  const postgres = await fillPatients(rig.primary.adminUrl())
  const pooler = resources.use(
    await startPgbouncer({
      version: '1.24',
      target: rig.primary,
      poolSize: SERVER_CONNECTIONS,
      users: ['app', 'unscoped'],
      settings: { max_client_conn: 2_000 },
    }),
  )
  const target = { host: pooler.host, port: pooler.port }
  const latency = resources.use(
    new Child(new URL('latency-process.ts', import.meta.url), { target, delayMs: DELAY_MS }),
  )
  const far = await latency.answer<ServerAddress>(20_000)
  return {
    addresses: { loopback: target, '+1 ms each way': far },
    versions: { postgres, pgbouncer: pooler.version },
  }
}

/** What a peer connects with, at each distance. */
export function peerOptions(
  { addresses }: Topology,
  entry: string,
  connections: number,
): Readonly<Record<Distance, PeerOptions>> {
  const at = (distance: Distance): PeerOptions => {
    const { host, port } = addresses[distance]
    const url = (role: string) => `postgres://${role}@${host}:${port}/postgres`
    return { url: url('app'), unscopedUrl: url('unscoped'), connections, entry }
  }
  return { loopback: at('loopback'), '+1 ms each way': at('+1 ms each way') }
}

/** The median time of one statement on one connection, in milliseconds: what a distance is in truth. */
export async function measureRoundTrips({ addresses }: Topology): Promise<Readonly<Record<string, number>>> {
  const measured: Record<string, number> = {}
  for (const distance of DISTANCES) {
    const { host, port } = addresses[distance]
    const client = new Client({ host, port, user: 'app', database: 'postgres' })
    await client.connect()
    const times: number[] = []
    for (let count = 0; count < 101; count += 1) {
      const sentAt = performance.now()
      await client.query('select')
      times.push(performance.now() - sentAt)
    }
    await client.end()
    measured[distance] = Number(times.sort((a, b) => a - b)[50]?.toFixed(3))
  }
  return measured
}

/** Makes the table and the roles. @returns the server's version */
export async function fillPatients(connectionString: string): Promise<string> {
  const admin = new Client({ connectionString })
  await admin.connect()
  try {
    // One statement a message: VACUUM refuses to run in the transaction that several would be.
    for (const statement of SCHEMA.split(';\n')) if (statement.trim() !== '') await admin.query(statement)
    const { rows } = await admin.query<{ server_version: string }>('show server_version')
    return rows[0]?.server_version ?? ''
  } finally {
    await admin.end()
  }
}
