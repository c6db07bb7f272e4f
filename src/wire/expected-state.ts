import type { TransactionStatus } from './pg-internals.ts'

/** How a reply ended. */
export interface ReplyEnd {
  readonly status: TransactionStatus
  readonly error: unknown
  readonly failedAt: number
}

/** The transaction state that a segment may leave the server in. Any other means that something changed it behind us. */
export interface ExpectedState {
  /** In words that fit "where it must be …". */
  readonly name: string
  allows(end: ReplyEnd): boolean
}

/** Behind a batch, COMMIT and ROLLBACK. */
export const IDLE: ExpectedState = {
  name: 'idle',
  allows: ({ status }) => status === 'I',
}

/** Behind a batch with its own BEGIN and COMMIT, whose failure leaves the block to be rolled back. */
export const IDLE_OR_FAILED: ExpectedState = {
  name: 'idle, or in a failed transaction after an error',
  allows: ({ status, error }) => status === 'I' || (status === 'E' && error !== undefined),
}

/** Behind a statement in a transaction. */
export const IN_TRANSACTION: ExpectedState = {
  name: 'in a transaction',
  allows: ({ status }) => status !== 'I',
}

/** Behind BEGIN and what follows it; only where BEGIN itself failed there is no transaction. */
export const OPENED: ExpectedState = {
  name: 'in a transaction',
  allows: ({ status, error, failedAt }) => status !== 'I' || (error !== undefined && failedAt === 0),
}

/** Behind a question that is asked whatever became of what went before it. */
export const ANY: ExpectedState = {
  name: 'in any state',
  allows: () => true,
}
