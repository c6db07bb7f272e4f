import type { PreparingTransaction } from '../../transaction/participant.ts'
import type { CacheDatabase } from '../database.ts'
import type { FenceWriter } from '../invalidation/fence-writer.ts'
import type { JournalMode, JournalWriter } from '../invalidation/journal-writer.ts'
import { JOURNAL_TABLE } from './journal-table.ts'

/** How notes are carried over. */
export interface JournalRules {
  readonly mode: JournalMode
  /** Milliseconds between two looks into the journal. */
  readonly pollMs: number
}

/** Notes that one look carries over, at most: what is left is taken at once by the next. */
const BATCH = 500
const REASON = 'leasehold: carries the journal of the cache over to Redis'

const WRITE = `insert into ${JOURNAL_TABLE} (fences) values ($1)`
/** Those that another process is carrying over are left to it. */
const READ = `select id::text as id, fences from ${JOURNAL_TABLE} order by id limit ${BATCH} for update skip locked`
const DELETE = `delete from ${JOURNAL_TABLE} where id = any ($1::pg_catalog.int8[])`

/** Carries what transactions noted in PostgreSQL over to the fences, and forgets it. */
export class Journal implements JournalWriter {
  readonly mode: JournalMode
  readonly #database: Pick<CacheDatabase, 'across'>
  readonly #fences: FenceWriter
  readonly #timer: NodeJS.Timeout | undefined
  #carrying: Promise<void> | undefined
  #carried = 0

  constructor(database: Pick<CacheDatabase, 'across'>, fences: FenceWriter, { mode, pollMs }: JournalRules) {
    this.mode = mode
    this.#database = database
    this.#fences = fences
    if (mode === 'never') return
    this.#timer = setInterval(() => void this.carryOver().catch(ignore), pollMs)
    this.#timer.unref()
  }

  /** Notes that this process has carried over. */
  get carried(): number {
    return this.#carried
  }

  async write(transaction: PreparingTransaction, fences: readonly string[]): Promise<void> {
    await transaction.query(WRITE, [fences])
  }

  /**
   * Carries over all that is noted now; a look that is under way is joined.
   *
   * @throws what PostgreSQL or Redis failed with; the notes are kept then
   */
  carryOver(): Promise<void> {
    if (this.mode === 'never') return Promise.resolve()
    this.#carrying ??= this.#carryAll().finally(() => {
      this.#carrying = undefined
    })
    return this.#carrying
  }

  /** Looks no more; settles when the look that is under way has ended. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#carrying?.catch(ignore)
  }

  async #carryAll(): Promise<void> {
    for (let carried = BATCH; carried === BATCH; ) carried = await this.#carrySome()
  }

  /** The notes go with the transaction that opened the fences, so that a crash in between opens them once more. */
  #carrySome(): Promise<number> {
    return this.#database.across(REASON, async (query) => {
      const notes = (await query(READ, [])) as readonly { readonly id: string; readonly fences: string[] }[]
      if (notes.length === 0) return 0
      const fences = [...new Set(notes.flatMap((note) => note.fences))]
      await this.#fences.finish(fences, { token: '', end: { outcome: 'committed', lsn: undefined } })
      await query(DELETE, [notes.map(({ id }) => id)])
      this.#carried += notes.length
      return notes.length
    })
  }
}

function ignore(): void {}
