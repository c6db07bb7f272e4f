import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import type { ConnectPeer, Patient } from '../peer.ts'
import { openPool } from './pool.ts'
import { COLUMNS, type Tables } from './tables.ts'

/** The textbook in Kysely: its transaction, with the tenant set first. */
export const connectKyselyTransaction: ConnectPeer = ({ url, connections }) => {
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: openPool({ connectionString: url, max: connections }) }),
  })
  const inTransaction = (tenant: string, work: (trx: Transaction<Tables>) => Promise<Patient[]>) =>
    db.transaction().execute(async (trx) => {
      await sql`select set_config('app.tenant_id', ${tenant}, true)`.execute(trx)
      return work(trx)
    })
  return {
    read: (tenant, id) => inTransaction(tenant, (trx) => read(trx, id)),
    write: (tenant, id, phone) => inTransaction(tenant, (trx) => write(trx, id, phone)),
    transaction: (tenant, id, phone) =>
      inTransaction(tenant, async (trx) => {
        const before = await read(trx, id)
        const changed = await write(trx, id, phone)
        return [...before, ...changed, ...(await read(trx, id))]
      }),
  }
}

function read(trx: Transaction<Tables>, id: string): Promise<Patient[]> {
  return trx.selectFrom('patients').select(COLUMNS).where('id', '=', id).execute()
}

function write(trx: Transaction<Tables>, id: string, phone: string): Promise<Patient[]> {
  return trx.updateTable('patients').set({ phone }).where('id', '=', id).returning(COLUMNS).execute()
}
