import type { PoolClient } from 'pg'
import type { ConnectPeer, Patient } from '../peer.ts'
import { READ, SET_TENANT, WRITE } from '../statements.ts'
import { onClient, openPool } from './pool.ts'

/** The textbook: BEGIN, set_config, the work, COMMIT, each awaited. */
export const connectHandWritten: ConnectPeer = ({ url, connections }) => {
  const pool = openPool({ connectionString: url, max: connections })
  const inTransaction = (tenant: string, work: (client: PoolClient) => Promise<Patient[]>) =>
    onClient(pool, async (client) => {
      await client.query('begin')
      await client.query(SET_TENANT, [tenant])
      const rows = await work(client)
      await client.query('commit')
      return rows
    })
  return {
    read: (tenant, id) =>
      inTransaction(tenant, async (client) => (await client.query<Patient>(READ.text, [id])).rows),
    write: (tenant, id, phone) =>
      inTransaction(tenant, async (client) => (await client.query<Patient>(WRITE.text, [id, phone])).rows),
    transaction: (tenant, id, phone) =>
      inTransaction(tenant, async (client) => {
        const before = await client.query<Patient>(READ.text, [id])
        const changed = await client.query<Patient>(WRITE.text, [id, phone])
        const after = await client.query<Patient>(READ.text, [id])
        return [...before.rows, ...changed.rows, ...after.rows]
      }),
  }
}
