import { randomBytes } from 'node:crypto'
import { CacheDefinitionError } from '../../errors/cache.ts'
import { parseLsn } from '../../router/token/wal-position.ts'
import type {
  PreparingTransaction,
  TransactionEnd,
  TransactionParticipant,
} from '../../transaction/participant.ts'
import type { FenceEnd, FenceWriter } from './fence-writer.ts'
import type { JournalWriter } from './journal-writer.ts'

/** How what a transaction overwrites is marked. */
export interface InvalidationParts {
  readonly fences: FenceWriter
  readonly journal: JournalWriter
  /** Milliseconds after which somebody else may ask what became of the transaction. */
  readonly pendingMs: number
  /** Milliseconds for which an unknown outcome is asked after. */
  readonly resolveMs: number
}

/**
 * What one transaction overwrites. Before COMMIT its fences are marked pending, so that nothing is served or stored under them;
 * once it has ended they are opened again, with the position that a replica must have reached to be read from. If this process is
 * gone by then, whoever meets the mark asks PostgreSQL by the transaction's id.
 */
export class Invalidation implements TransactionParticipant {
  readonly #parts: InvalidationParts
  readonly #token = randomBytes(12).toString('base64url')
  readonly #fences = new Set<string>()
  #preparing: Promise<void> | undefined

  constructor(parts: InvalidationParts) {
    this.#parts = parts
  }

  /** @param fences their keys */
  add(fences: readonly string[]): void {
    for (const fence of fences) this.#fences.add(fence)
  }

  /**
   * @throws {CacheUnavailableError} Redis did not take the marks and there is no journal to write them to
   * @throws {CacheDefinitionError} the role may not read the transaction's id
   */
  prepare(transaction: PreparingTransaction): Promise<void> {
    this.#preparing = this.#prepare(transaction)
    return this.#preparing
  }

  async ended(end: TransactionEnd): Promise<void> {
    if (!this.#preparing) return
    // A call that was given up can still be marking.
    await this.#preparing.catch(ignore)
    if (end.outcome !== 'unknown') return this.#finish(fenceEnd(end))
    void this.#settleLater(end)
  }

  async #prepare(transaction: PreparingTransaction): Promise<void> {
    const { fences, journal, pendingMs } = this.#parts
    const keys = [...this.#fences]
    const evidence = await transaction.evidence()
    // What has changed nothing needs no mark: the values go once it has ended.
    if (evidence === 'none') return
    if (evidence === 'hidden') throw hidden()
    if (journal.mode === 'always') await journal.write(transaction, keys)
    try {
      await fences.begin(keys, { token: this.#token, pendingMs, evidence })
    } catch (error) {
      if (journal.mode === 'never') throw error
      if (journal.mode === 'fallback') await journal.write(transaction, keys)
    }
  }

  /** A mark that cannot be taken away now is settled by whoever meets it. */
  async #finish(end: FenceEnd): Promise<void> {
    await this.#parts.fences.finish([...this.#fences], { token: this.#token, end }).catch(ignore)
  }

  async #settleLater({ resolve }: Extract<TransactionEnd, { outcome: 'unknown' }>): Promise<void> {
    const outcome = await resolve(this.#parts.resolveMs)
    if (outcome === 'committed') await this.#finish({ outcome: 'committed', lsn: undefined })
    if (outcome === 'aborted') await this.#finish({ outcome: 'aborted' })
  }
}

function fenceEnd(end: Exclude<TransactionEnd, { outcome: 'unknown' }>): FenceEnd {
  if (end.outcome === 'aborted') return end
  const at = end.position
  const lsn = at && !at.inRecovery ? parseLsn(at.lsn) : undefined
  return { outcome: 'committed', lsn }
}

function hidden(): CacheDefinitionError {
  return new CacheDefinitionError(
    'cache.invalidate() needs the id of its transaction, which the role may not read: grant it EXECUTE on ' +
      'pg_current_xact_id_if_assigned, pg_xact_status, pg_stat_get_bgwriter_stat_reset_time, pg_walfile_name and ' +
      'pg_current_wal_lsn. The transaction was rolled back.',
  )
}

function ignore(): void {}
