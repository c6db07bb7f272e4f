import type { PreparingTransaction } from '../../transaction/participant.ts'

/**
 * When a transaction notes in PostgreSQL what it overwrites.
 *
 * - `never`: where Redis does not take its marks, it is rolled back
 * - `fallback`: it is noted where Redis does not take them, and until the note has been carried over, others serve the old value
 * - `always`: it is noted in any case, so that neither a Redis that loses what it had acknowledged nor a crash at the same time
 *   leaves a value behind that was overwritten
 */
export type JournalMode = 'never' | 'fallback' | 'always'

/** Notes what a transaction overwrites, in the transaction itself. */
export interface JournalWriter {
  readonly mode: JournalMode
  /** @throws the server's error */
  write(transaction: PreparingTransaction, fences: readonly string[]): Promise<void>
}
