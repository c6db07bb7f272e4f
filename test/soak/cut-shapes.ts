import { randomUUID } from 'node:crypto'
import { type Leasehold, uuid } from '../../src/index.ts'

/** A call that writes, by how it does. */
export interface CutShape {
  readonly name: string
  /** How many rows it writes. */
  readonly rows: number
  /** Whether it carries a receipt, with which it may be repeated, and is applied once. */
  readonly hasReceipt: boolean
  run(db: Leasehold, tenant: string, operation: number): Promise<unknown>
}

const WRITE = 'insert into canaries (tenant_id, tag, operation, part) values ($1, $1, $2, $3)'
const READ = 'select tenant_id, tag from canaries order by id limit 1'

/** The ways to write. */
export const CUT_SHAPES: readonly CutShape[] = [
  {
    name: 'single',
    rows: 1,
    hasReceipt: false,
    run: (db, tenant, operation) => db.tenant(uuid(tenant)).query(WRITE, [tenant, operation, 0]),
  },
  {
    name: 'batch',
    rows: 2,
    hasReceipt: false,
    run: (db, tenant, operation) => db.tenant(uuid(tenant)).batch(batchOf(tenant, operation)),
  },
  {
    name: 'transaction',
    rows: 2,
    hasReceipt: false,
    run: (db, tenant, operation) => runTransaction(db, tenant, operation),
  },
  {
    name: 'batch with receipt',
    rows: 2,
    hasReceipt: true,
    run: (db, tenant, operation) =>
      db.tenant(uuid(tenant)).batch(batchOf(tenant, operation), { receipt: keyOf(operation) }),
  },
  {
    name: 'transaction with receipt',
    rows: 2,
    hasReceipt: true,
    run: (db, tenant, operation) => runTransaction(db, tenant, operation, keyOf(operation)),
  },
]

function batchOf(tenant: string, operation: number): { text: string; values: unknown[] }[] {
  return [
    { text: WRITE, values: [tenant, operation, 0] },
    { text: READ, values: [] },
    { text: WRITE, values: [tenant, operation, 1] },
  ]
}

function runTransaction(db: Leasehold, tenant: string, operation: number, receipt?: string): Promise<void> {
  return db.withTenant(
    uuid(tenant),
    async (tx) => {
      await tx.query(WRITE, [tenant, operation, 0])
      await tx.query(WRITE, [tenant, operation, 1])
    },
    receipt === undefined ? {} : { receipt },
  )
}

/** Operation 0 is nobody's, and as often made as there are connections to be warmed up. */
function keyOf(operation: number): string {
  return operation === 0 ? randomUUID() : `cut ${operation}`
}
