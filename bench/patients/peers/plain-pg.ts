import type { ConnectPeer, Patient } from '../peer.ts'
import { type NamedText, READ_UNSCOPED, WRITE_UNSCOPED } from '../statements.ts'
import { onClient, openPool } from './pool.ts'

/** No tenant context at all: what a query costs. */
export const connectPlainPg: ConnectPeer = (options) => connect(options, ({ text }) => ({ text }))

/** The same with prepared statements. */
export const connectPlainPgNamed: ConnectPeer = (options) => connect(options, (named) => named)

function connect(
  { unscopedUrl, connections }: Parameters<ConnectPeer>[0],
  form: (named: NamedText) => { readonly text: string },
): ReturnType<ConnectPeer> {
  const pool = openPool({ connectionString: unscopedUrl, max: connections })
  const read = form(READ_UNSCOPED)
  const write = form(WRITE_UNSCOPED)
  return {
    read: async (tenant, id) => (await pool.query<Patient>({ ...read, values: [tenant, id] })).rows,
    write: async (tenant, id, phone) =>
      (await pool.query<Patient>({ ...write, values: [tenant, id, phone] })).rows,
    transaction: (tenant, id, phone) =>
      onClient(pool, async (client) => {
        await client.query('begin')
        const before = await client.query<Patient>({ ...read, values: [tenant, id] })
        const changed = await client.query<Patient>({ ...write, values: [tenant, id, phone] })
        const after = await client.query<Patient>({ ...read, values: [tenant, id] })
        await client.query('commit')
        return [...before.rows, ...changed.rows, ...after.rows]
      }),
  }
}
