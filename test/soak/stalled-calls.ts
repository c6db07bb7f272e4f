import { type Leasehold, type TenantId, uuid } from '../../src/index.ts'
import { ISOLATION_TENANTS } from './isolation-schema.ts'

/** Where a call is when everything stops to answer. */
export interface StalledCall {
  readonly name: string
  /** Which handle it uses: one whose connections are there, one that has yet to connect, one that has a single connection. */
  readonly over: 'warm' | 'cold' | 'narrow'
  /**
   * Codes that the call may end in; `none` for a call that succeeds because nothing of it is missing. On a busy machine the
   * stall may meet a transaction before it is where it is to be: its deadline passes there.
   */
  readonly ends: readonly string[]
  /**
   * @param call starts the clock and runs the call
   * @param stalled says that the call is where it is to be; resolves when nothing answers any more
   */
  run(db: Leasehold, call: CallClock, stalled: () => Promise<void>): Promise<void>
}

/** Runs a call and notes how long it took to settle. Never rejects. */
export type CallClock = (call: () => Promise<unknown>) => Promise<void>

const TENANT: TenantId = uuid(ISOLATION_TENANTS[0] ?? '')
const READ = 'select tenant_id from canaries order by id limit 5'
const WRITE = 'insert into canaries (tenant_id, tag, operation, part) values ($1, $1, 0, 0)'
const VALUES = [TENANT]

const UNKNOWN = 'LSH_ERR_COMMIT_UNKNOWN'
const LATE = 'LSH_ERR_DEADLINE'
const NO_CONNECTION = 'LSH_ERR_ACQUIRE_TIMEOUT'
/** What the callback of a transaction that is to be rolled back throws. */
export const ROLL_BACK = 'ROLL_BACK'

/** Single, batch, and a transaction at each of its steps. */
export const STALLED_CALLS: readonly StalledCall[] = [
  {
    name: 'read',
    over: 'warm',
    ends: [LATE],
    run: async (db, call, stalled) => {
      await stalled()
      await call(() => db.tenant(TENANT, { readOnly: true }).query(READ))
    },
  },
  {
    name: 'write',
    over: 'warm',
    ends: [UNKNOWN],
    run: async (db, call, stalled) => {
      await stalled()
      await call(() => db.tenant(TENANT).query(WRITE, VALUES))
    },
  },
  {
    name: 'batch',
    over: 'warm',
    ends: [UNKNOWN],
    run: async (db, call, stalled) => {
      await stalled()
      await call(() => db.tenant(TENANT).batch([{ text: WRITE, values: VALUES }, READ]))
    },
  },
  {
    name: 'transaction, begin',
    over: 'warm',
    ends: [LATE],
    run: async (db, call, stalled) => {
      await stalled()
      await call(() => db.withTenant(TENANT, (tx) => tx.query(WRITE, VALUES)))
    },
  },
  {
    name: 'transaction, second statement',
    over: 'warm',
    ends: [LATE],
    run: (db, call, stalled) =>
      call(() =>
        db.withTenant(TENANT, async (tx) => {
          await tx.query(WRITE, VALUES)
          await stalled()
          await tx.query(WRITE, VALUES)
        }),
      ),
  },
  {
    name: 'transaction, commit',
    over: 'warm',
    ends: [UNKNOWN, LATE],
    run: (db, call, stalled) =>
      call(() =>
        db.withTenant(TENANT, async (tx) => {
          await tx.query(WRITE, VALUES)
          await stalled()
        }),
      ),
  },
  {
    name: 'transaction, rollback',
    over: 'warm',
    ends: [ROLL_BACK, LATE],
    run: (db, call, stalled) =>
      call(() =>
        db.withTenant(TENANT, async (tx) => {
          await tx.query(WRITE, VALUES)
          await stalled()
          throw Object.assign(new Error('The callback has thought better of it.'), { code: ROLL_BACK })
        }),
      ),
  },
  {
    name: 'transaction, back to savepoint',
    over: 'warm',
    ends: [LATE, ROLL_BACK],
    run: (db, call, stalled) =>
      call(() =>
        db.withTenant(TENANT, async (tx) => {
          await tx.query(WRITE, VALUES)
          await tx.savepoint(async (inner) => {
            await inner.query(WRITE, VALUES)
            await stalled()
            throw Object.assign(new Error('The savepoint is undone.'), { code: ROLL_BACK })
          })
        }),
      ),
  },
  {
    name: 'read-only transaction, commit',
    over: 'warm',
    // Its COMMIT can change nothing, so nobody waits for the answer.
    ends: ['none', LATE],
    run: (db, call, stalled) =>
      call(() =>
        db.withTenant(
          TENANT,
          async (tx) => {
            await tx.query(READ)
            await stalled()
          },
          { readOnly: true },
        ),
      ),
  },
  {
    name: 'write on a new connection',
    over: 'cold',
    ends: [LATE, NO_CONNECTION],
    run: async (db, call, stalled) => {
      await stalled()
      await call(() => db.tenant(TENANT).query(WRITE, VALUES))
    },
  },
  {
    name: 'transaction on a new connection',
    over: 'cold',
    ends: [LATE, NO_CONNECTION],
    run: async (db, call, stalled) => {
      await stalled()
      await call(() => db.withTenant(TENANT, (tx) => tx.query(WRITE, VALUES)))
    },
  },
  {
    name: 'read in the queue',
    over: 'narrow',
    ends: [LATE, NO_CONNECTION],
    run: async (db, call, stalled) => {
      await stalled()
      await call(() => db.tenant(TENANT, { readOnly: true }).query(READ))
    },
  },
]
