import { Client } from 'pg'
import type { ConnectPeer, Patient } from '../peer.ts'
import { type NamedText, READ_UNSCOPED, WRITE_UNSCOPED } from '../statements.ts'

/**
 * No tenant context, prepared, and many callers on each connection by pg's pipeline mode, each of which takes the connection
 * with the fewest answers still to come.
 */
export const connectPgPipelined: ConnectPeer = async ({ unscopedUrl, connections }) => {
  const lanes = await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = new Client({ connectionString: unscopedUrl, pipeline: true })
      // What uses a connection that was lost is told so itself.
      client.on('error', () => {})
      await client.connect()
      return { client, pending: 0 }
    }),
  )
  const one = async (named: NamedText, values: unknown[]) => {
    const lane = lanes.reduce((least, next) => (next.pending < least.pending ? next : least))
    lane.pending += 1
    try {
      return (await lane.client.query<Patient>({ ...named, values })).rows
    } finally {
      lane.pending -= 1
    }
  }
  return {
    read: (tenant, id) => one(READ_UNSCOPED, [tenant, id]),
    write: (tenant, id, phone) => one(WRITE_UNSCOPED, [tenant, id, phone]),
    transaction: () =>
      Promise.reject(new Error('A transaction cannot share a connection with what others send on it.')),
  }
}
