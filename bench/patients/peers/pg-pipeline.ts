import type { PoolClient, QueryResult } from 'pg'
import type { ConnectPeer, Patient } from '../peer.ts'
import { READ, SET_TENANT, WRITE } from '../statements.ts'
import { onClient, openPool } from './pool.ts'

/** The textbook through pg's pipeline mode: what can leave unawaited does. Four Syncs, one round trip. */
export const connectPgPipeline: ConnectPeer = ({ url, connections }) => {
  const pool = openPool({ connectionString: url, max: connections, pipeline: true })
  const one = (tenant: string, text: string, values: unknown[]) =>
    onClient(pool, async (client) => {
      const [, , { rows }] = await Promise.all([
        ...open(client, tenant, text, values),
        client.query('commit'),
      ])
      return rows
    })
  return {
    read: (tenant, id) => one(tenant, READ.text, [id]),
    write: (tenant, id, phone) => one(tenant, WRITE.text, [id, phone]),
    transaction: (tenant, id, phone) =>
      onClient(pool, async (client) => {
        const [, , before] = await Promise.all(open(client, tenant, READ.text, [id]))
        const changed = await client.query<Patient>(WRITE.text, [id, phone])
        const [after] = await Promise.all([client.query<Patient>(READ.text, [id]), client.query('commit')])
        return [...before.rows, ...changed.rows, ...after.rows]
      }),
  }
}

function open(
  client: PoolClient,
  tenant: string,
  text: string,
  values: unknown[],
): [Promise<QueryResult>, Promise<QueryResult>, Promise<QueryResult<Patient>>] {
  return [client.query('begin'), client.query(SET_TENANT, [tenant]), client.query<Patient>(text, values)]
}
