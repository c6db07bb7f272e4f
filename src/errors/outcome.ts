import { LeaseholdError } from './leasehold-error.ts'

const RESOLVE_TIMEOUT_MS = 10_000

/** What became of a write. */
export type CommitOutcome = 'committed' | 'aborted' | 'unknown'

/** Finds out what became of a write, within some milliseconds. Never rejects. */
export type CommitResolver = (timeoutMs: number) => Promise<CommitOutcome>

/** What a write leaves with its client, to ask by. */
export interface CommitEvidence {
  /** The id of the transaction, with its epoch. */
  readonly xid: string
  /** The life of the server in which that id means this transaction. */
  readonly incarnation: string
}

/**
 * The connection was lost, or the deadline passed, after the first byte of a write was sent and before its
 * commit was acknowledged: the server may have committed it or not. Never retried.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
 */
export class CommitUnknownError extends LeaseholdError {
  readonly code = 'LSH_ERR_COMMIT_UNKNOWN'
  readonly retryable = false
  readonly #resolver: CommitResolver

  constructor(cause: unknown, resolver: CommitResolver = async () => 'unknown') {
    super(
      'The answer to a commit was lost: the write may have been applied or not. Do not repeat it blindly: ask ' +
        'resolve() what became of it, or give the write a `receipt`, with which it can be repeated safely.',
      { cause },
    )
    this.#resolver = resolver
  }

  /**
   * Finds out over another connection what became of the write; waits while it is still in progress. With a `receipt` the
   * answer is exact: `unknown` means only that the server could not be asked in time. Without one it is `unknown` also where
   * the transaction's id was not learned in time, or cannot be trusted, because the server went through crash recovery, or
   * another one took its place.
   *
   * @param options.timeoutMs milliseconds within which it answers; 10000 by default
   * @returns never a guess; never rejects
   */
  resolve(options: { readonly timeoutMs?: number } = {}): Promise<CommitOutcome> {
    return this.#resolver(options.timeoutMs ?? RESOLVE_TIMEOUT_MS)
  }
}

/**
 * A write with this `receipt` was applied before, by this or another process. Nothing was applied again: take it for success,
 * and read back what is needed of the first one's results.
 */
export class AlreadyAppliedError extends LeaseholdError {
  readonly code = 'LSH_ERR_ALREADY_APPLIED'
  readonly retryable = false

  constructor(cause: unknown) {
    super(
      'A write with this receipt was applied before, so nothing was applied now. Take it for success; read back ' +
        'what is needed of its results.',
      { cause },
    )
  }
}

/** COMMIT was answered ROLLBACK: an earlier statement had failed and its error was swallowed. Nothing was applied. */
export class TransactionAbortedError extends LeaseholdError {
  readonly code = 'LSH_ERR_TX_ABORTED'
  readonly retryable = false

  constructor(cause: unknown) {
    super(
      'The transaction was rolled back instead of committed, because a statement in it had failed and its ' +
        'error was not rethrown. Let the error reach withTenant, or use a savepoint around the statement.',
      { cause },
    )
  }
}

/** A callback settled while a query of its transaction was still running. The transaction was rolled back. */
export class FloatingQueryError extends LeaseholdError {
  readonly code = 'LSH_ERR_FLOATING_QUERY'
  readonly retryable = false

  constructor(running: number, cause?: unknown) {
    super(
      `The callback of withTenant settled while ${running} of its queries still ran; the transaction was ` +
        'rolled back. Await every query of `tx` before the callback returns.',
      { cause },
    )
  }
}

/** A transaction was asked for inside another in a way that cannot join it: read-write in read only, another isolation, other settings. */
export class NestingError extends LeaseholdError {
  readonly code = 'LSH_ERR_NESTING'
  readonly retryable = false
}

/** A handle was used after its transaction had ended, or the database object after `close()`. Nothing was sent. */
export class ClosedError extends LeaseholdError {
  readonly code = 'LSH_ERR_CLOSED'
  readonly retryable = false
}

/** What an `afterCommit` hook threw. The transaction IS committed: do not repeat the call. */
export class AfterCommitError extends LeaseholdError {
  readonly code = 'LSH_ERR_AFTER_COMMIT'
  readonly retryable = false
  /** What the hooks threw, in order. The first is also the `cause`. */
  readonly errors: readonly unknown[]
  readonly #value: unknown

  constructor(errors: readonly unknown[], value: unknown) {
    super(
      `The transaction IS committed, but ${errors.length} of its afterCommit hooks failed. Do not repeat the call: ` +
        'do again what the hooks should have done, or catch inside a hook what may fail. `errors` says what they ' +
        'threw, `value` is what the callback had returned.',
      { cause: errors[0] },
    )
    this.errors = errors
    this.#value = value
  }

  /** What the callback had returned. On the prototype, so that a log of the error does not show it. */
  get value(): unknown {
    return this.#value
  }
}
