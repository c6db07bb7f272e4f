import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ClosedError, CommitUnknownError, createLeasehold, type Leasehold } from '../../src/index.ts'
import { joinableTransaction } from '../../src/query/joinable-transaction.ts'
import type {
  PreparingTransaction,
  TransactionEnd,
  TransactionParticipant,
} from '../../src/transaction/participant.ts'
import { receiptTableSql } from '../../src/transaction/receipt-table.ts'
import { TENANT_A } from '../support/notes.ts'
import { openTarget, TARGETS, type Target } from '../support/target.ts'

const INSERT = `insert into notes (body) values ('x')`

/** Notes down what it is told. */
class Witness implements TransactionParticipant {
  readonly told: string[] = []
  readonly ends: TransactionEnd[] = []
  evidence: Awaited<ReturnType<PreparingTransaction['evidence']>> | undefined
  onPrepare: (transaction: PreparingTransaction) => Promise<unknown> = async () => {}

  async prepare(transaction: PreparingTransaction): Promise<void> {
    this.told.push('prepare')
    this.evidence = await transaction.evidence()
    await this.onPrepare(transaction)
  }

  async ended(end: TransactionEnd): Promise<void> {
    this.told.push(end.outcome)
    this.ends.push(end)
  }
}

function enlist(tx: unknown, participant: TransactionParticipant): void {
  joinableTransaction(tx)?.enlist(participant)
}

describe.each(TARGETS)('a participant of a transaction, %s', (name) => {
  let target: Target
  let db: Leasehold

  beforeAll(async () => {
    target = await openTarget(name, { poolSize: 2 })
    await target.admin.query(receiptTableSql())
    db = createLeasehold({ primary: target.pool({ max: 2 }) })
  })

  afterEach(async () => {
    target.proxy.clearToxics()
    await target.admin.query('truncate notes, leasehold.receipts')
  })

  afterAll(async () => {
    await db.close()
    await target.close()
  })

  const notes = async () => (await target.admin.query('select from notes')).rows.length
  const status = async (xid: string) =>
    (await target.admin.query('select pg_xact_status($1::text::xid8) as status', [xid])).rows[0]?.status

  it('is told before COMMIT, behind every hook, and afterwards, in front of those of the commit', async () => {
    const witness = new Witness()
    let committedThen: number | undefined
    witness.onPrepare = async () => {
      committedThen = await notes()
    }
    await db.withTenant(TENANT_A, async (tx) => {
      enlist(tx, witness)
      tx.beforeCommit(() => void witness.told.push('hook'))
      tx.afterCommit(() => void witness.told.push('after'))
      await tx.query(INSERT)
    })
    expect(witness.told).toEqual(['hook', 'prepare', 'committed', 'after'])
    expect(committedThen).toBe(0)
    expect(await notes()).toBe(1)
  })

  it('knows the id of the transaction, and where the server stood when it was committed', async () => {
    const witness = new Witness()
    await db.withTenant(TENANT_A, async (tx) => {
      await tx.query(INSERT)
      enlist(tx, witness)
    })
    if (typeof witness.evidence !== 'object') throw new Error(`no evidence: ${witness.evidence}`)
    expect(await status(witness.evidence.xid)).toBe('committed')
    const [end] = witness.ends
    const lsn = end?.outcome === 'committed' ? end.position?.lsn : undefined
    const { rows } = await target.admin.query(
      'select pg_current_wal_insert_lsn() >= $1::pg_lsn as past, $1::pg_lsn > $2::pg_lsn as real',
      [lsn, '0/0'],
    )
    expect(rows).toEqual([{ past: true, real: true }])
  })

  it('knows the id also where a receipt tells the outcome, and where nothing has been written it says so', async () => {
    const [receipt, reader, idle] = [new Witness(), new Witness(), new Witness()]
    const work =
      (witness: Witness, text?: string) => async (tx: { query(text: string): Promise<unknown> }) => {
        enlist(tx, witness)
        if (text) await tx.query(text)
      }
    await db.withTenant(TENANT_A, work(receipt, INSERT), { receipt: 'once' })
    await db.withTenant(TENANT_A, work(reader, 'select 1'))
    await db.withTenant(TENANT_A, work(idle))
    expect(receipt.evidence).toMatchObject({ xid: expect.stringMatching(/^\d+$/) })
    expect([reader.evidence, idle.evidence]).toEqual(['none', 'none'])
    expect(idle.told).toEqual(['prepare', 'committed'])
  })

  it('can write in the transaction', async () => {
    const witness = new Witness()
    witness.onPrepare = (transaction) =>
      transaction.query('insert into notes (body) values ($1)', ['of the participant'])
    await db.withTenant(TENANT_A, async (tx) => {
      enlist(tx, witness)
      await tx.query(INSERT)
    })
    expect(await notes()).toBe(2)
  })

  it('is told of a rollback once, whatever caused it', async () => {
    const thrown = new Witness()
    const refusing = new Witness()
    refusing.onPrepare = () => Promise.reject(new Error('not now'))
    const swallowed = new Witness()
    const work = (witness: Witness) => async (tx: { query(text: string): Promise<unknown> }) => {
      enlist(tx, witness)
      await tx.query(INSERT)
    }
    await expect(
      db.withTenant(TENANT_A, async (tx) => {
        await work(thrown)(tx)
        throw new Error('mine')
      }),
    ).rejects.toThrow('mine')
    await expect(db.withTenant(TENANT_A, work(refusing))).rejects.toThrow('not now')
    await expect(
      db.withTenant(TENANT_A, async (tx) => {
        await work(swallowed)(tx)
        await tx.query('select 1/0').catch(() => {})
      }),
    ).rejects.toThrow('rolled back')
    expect(thrown.told).toEqual(['aborted'])
    expect(refusing.told).toEqual(['prepare', 'aborted'])
    expect(swallowed.told).toEqual(['aborted'])
    expect(await notes()).toBe(0)
  })

  it('stays when the savepoint around its call is rolled back', async () => {
    const witness = new Witness()
    await db.withTenant(TENANT_A, async (tx) => {
      await tx
        .savepoint(async (inner) => {
          enlist(inner, witness)
          throw new Error('mine')
        })
        .catch(() => {})
      await tx.query(INSERT)
    })
    expect(witness.told).toEqual(['prepare', 'committed'])
  })

  it('can find out what became of a commit whose answer was lost', async () => {
    const witness = new Witness()
    const lost = db.withTenant(TENANT_A, async (tx) => {
      enlist(tx, witness)
      await tx.query(INSERT)
      witness.onPrepare = async () => {
        void target.proxy.cutAt({
          direction: 'server',
          type: 'C',
          message: 0,
          when: 'before',
          since: 'armed',
        })
      }
    })
    await expect(lost).rejects.toBeInstanceOf(CommitUnknownError)
    const [end] = witness.ends
    expect(end?.outcome).toBe('unknown')
    expect(end?.outcome === 'unknown' && (await end.resolve(5_000))).toBe('committed')
  })

  it('cannot be enlisted with a handle that is over, nor with anything else', async () => {
    let kept: unknown
    await db.withTenant(TENANT_A, async (tx) => {
      kept = tx
    })
    expect(() => enlist(kept, new Witness())).toThrow(ClosedError)
    expect(joinableTransaction({})).toBeUndefined()
    expect(joinableTransaction(undefined)).toBeUndefined()
  })
})
