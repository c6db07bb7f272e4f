import type { CommitEvidence } from '../../errors/outcome.ts'

/** How a transaction ended, for the fences of what it has overwritten. */
export type FenceEnd =
  /** `lsn`: its commit is before it; `undefined` where nobody knows, and then the next load is the primary's. */
  { readonly outcome: 'committed'; readonly lsn: bigint | undefined } | { readonly outcome: 'aborted' }

/** What marks a transaction on the fences of what it overwrites. */
export interface FenceMark {
  /** Of the transaction, in all its marks. */
  readonly token: string
  readonly pendingMs: number
  readonly evidence: CommitEvidence
}

/** Marks fences, and opens them again. Keys may lie in several slots. */
export interface FenceWriter {
  /** @throws {CacheUnavailableError} some may have been marked */
  begin(fences: readonly string[], mark: FenceMark): Promise<void>
  /** @throws {CacheUnavailableError} */
  finish(fences: readonly string[], end: { readonly token: string; readonly end: FenceEnd }): Promise<void>
}
