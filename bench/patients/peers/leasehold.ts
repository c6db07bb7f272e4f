import { pathToFileURL } from 'node:url'
import type { ConnectPeer, Patient, PeerOptions } from '../peer.ts'
import { READ, WRITE } from '../statements.ts'
import { COLUMNS, type Tables } from './tables.ts'

type Module = typeof import('../../../src/index.ts')
type LeaseholdOptions = Parameters<Module['createLeasehold']>[0]

/** Texts, sent without names. */
export const connectLeaseholdUnnamed: ConnectPeer = (options) => connectTexts(options, { prepare: false })

/** Texts, with what leasehold does by default: names where they hold. */
export const connectLeasehold: ConnectPeer = (options) => connectTexts(options, {})

/** The same, with reads that share connections. */
export const connectLeaseholdMultiplexed: ConnectPeer = (options) =>
  connectTexts(options, { multiplex: true })

async function connectTexts(
  options: PeerOptions,
  how: Pick<LeaseholdOptions, 'prepare' | 'multiplex'>,
): ReturnType<typeof connectBuilders> {
  const { db, uuid } = await open(options, how)
  return {
    read: async (tenant, id) =>
      (await db.tenant(uuid(tenant), { readOnly: true }).query<Patient>(READ.text, [id])).rows,
    write: async (tenant, id, phone) =>
      (await db.tenant(uuid(tenant)).query<Patient>(WRITE.text, [id, phone])).rows,
    transaction: (tenant, id, phone) =>
      db.withTenant(uuid(tenant), async (tx) => {
        const before = await tx.query<Patient>(READ.text, [id])
        const changed = await tx.query<Patient>(WRITE.text, [id, phone])
        const after = await tx.query<Patient>(READ.text, [id])
        return [...before.rows, ...changed.rows, ...after.rows]
      }),
  }
}

/** Kysely's builders over the same. */
export const connectLeaseholdKysely: ConnectPeer = (options) => connectBuilders(options)

async function connectBuilders(options: PeerOptions): Promise<Awaited<ReturnType<ConnectPeer>>> {
  const { db, uuid } = await open(options, {})
  return {
    read: (tenant, id) =>
      db
        .tenant(uuid(tenant), { readOnly: true })
        .selectFrom('patients')
        .select(COLUMNS)
        .where('id', '=', id)
        .execute(),
    write: (tenant, id, phone) =>
      db
        .tenant(uuid(tenant))
        .updateTable('patients')
        .set({ phone })
        .where('id', '=', id)
        .returning(COLUMNS)
        .execute(),
    transaction: (tenant, id, phone) =>
      db.withTenant(uuid(tenant), async (tx) => {
        const read = () => tx.selectFrom('patients').select(COLUMNS).where('id', '=', id).execute()
        const before = await read()
        const changed = await tx
          .updateTable('patients')
          .set({ phone })
          .where('id', '=', id)
          .returning(COLUMNS)
          .execute()
        return [...before, ...changed, ...(await read())]
      }),
  }
}

async function open(
  { url, connections, entry }: PeerOptions,
  how: Pick<LeaseholdOptions, 'prepare' | 'multiplex'>,
) {
  const { createLeasehold, uuid }: Module = await import(pathToFileURL(entry).href)
  const db = createLeasehold<Tables>({
    primary: { connectionString: url, max: connections, idleTimeoutMillis: 0 },
    ...how,
  })
  return { db, uuid }
}
