import type { TenantContext } from '../context/context-statement.ts'
import type { CommitEvidence, CommitResolver } from '../errors/outcome.ts'
import type { QueryResult } from '../wire/pg-internals.ts'
import type { ServerPosition } from '../wire/server-position.ts'

/** How a transaction ended. */
export type TransactionEnd =
  /** `position`: where the server stood after COMMIT, which is before it; nothing where the answer to that was lost. */
  | { readonly outcome: 'committed'; readonly position: ServerPosition | undefined }
  | { readonly outcome: 'aborted' }
  | { readonly outcome: 'unknown'; readonly resolve: CommitResolver }

/** What a participant works with before COMMIT. */
export interface PreparingTransaction {
  /** What tells later whether it was committed; `none` where it has written nothing, `hidden` where the role may not read it. */
  evidence(): Promise<CommitEvidence | 'none' | 'hidden'>
  /** Runs a statement in the transaction. @throws the server's error */
  query(text: string, values: readonly unknown[]): Promise<QueryResult<unknown>>
}

/**
 * Something outside of PostgreSQL that has to know of a transaction's end, as a cache has: once before COMMIT, and once
 * afterwards. Both are told again for each attempt of a retry that it takes part in.
 */
export interface TransactionParticipant {
  /** Runs after every `beforeCommit` hook, and last before COMMIT. What it throws rolls back. */
  prepare(transaction: PreparingTransaction): Promise<void>
  /** Runs once, before `withTenant` settles and before `afterCommit` hooks, prepared or not. Must not reject, nor take long. */
  ended(end: TransactionEnd): Promise<void>
}

/** A transaction as its participants see it. */
export interface JoinableTransaction {
  readonly context: TenantContext
  /** Has a participant told of the end, also where the savepoint around the call is rolled back. */
  enlist(participant: TransactionParticipant): void
}

/** Tells all participants, whatever one of them does. */
export async function tellEnd(
  participants: readonly TransactionParticipant[],
  end: TransactionEnd,
): Promise<void> {
  await Promise.allSettled(participants.map((participant) => participant.ended(end)))
}
