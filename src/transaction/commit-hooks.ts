import { AfterCommitError } from '../errors/outcome.ts'
import type { Deadline } from '../wire/deadline.ts'
import {
  type PreparingTransaction,
  type TransactionEnd,
  type TransactionParticipant,
  tellEnd,
} from './participant.ts'
import type { AfterCommitHook, TenantCallback } from './tenant-transaction.ts'

/** How many hooks there were at a moment. */
export interface HookMark {
  readonly before: number
  readonly after: number
}

/** What is to be done before and after the commit of one transaction. */
export class CommitHooks {
  readonly #before: TenantCallback<unknown>[] = []
  readonly #after: AfterCommitHook[] = []
  /** Most transactions have none. */
  #participants: TransactionParticipant[] | undefined

  /** Whether anybody waits for the commit. */
  get awaitCommit(): boolean {
    return this.#after.length > 0
  }

  /** Whether somebody has to know where the server stood after the commit. */
  get haveParticipants(): boolean {
    return this.#participants !== undefined
  }

  /** Not undone with a savepoint: to be told of an end in vain does no harm. */
  enlist(participant: TransactionParticipant): void {
    this.#participants ??= []
    this.#participants.push(participant)
  }

  /** @throws what a participant throws */
  async prepare(transaction: PreparingTransaction): Promise<void> {
    for (const participant of this.#participants ?? []) await participant.prepare(transaction)
  }

  /** Never rejects. */
  async ended(end: () => TransactionEnd): Promise<void> {
    if (this.#participants) await tellEnd(this.#participants, end())
  }

  addBefore(hook: TenantCallback<unknown>): void {
    this.#before.push(hook)
  }

  addAfter(hook: AfterCommitHook): void {
    this.#after.push(hook)
  }

  /** Takes the next hook to be run before COMMIT; a hook may add further ones. */
  takeBefore(): TenantCallback<unknown> | undefined {
    return this.#before.shift()
  }

  mark(): HookMark {
    return { before: this.#before.length, after: this.#after.length }
  }

  /** Forgets what was added since. */
  forgetSince(mark: HookMark): void {
    this.#before.length = Math.min(this.#before.length, mark.before)
    this.#after.length = Math.min(this.#after.length, mark.after)
  }

  /**
   * Runs the hooks for after the commit, every one of them.
   *
   * @param value what the callback had returned
   * @throws {AfterCommitError}
   */
  async runAfter(deadline: Deadline, value: unknown): Promise<void> {
    const errors: unknown[] = []
    for (const hook of this.#after) {
      try {
        await awaitUntil(deadline, hook)
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw new AfterCommitError(errors, value)
  }
}

/** A hook is always started; only the waiting for it has a limit. */
async function awaitUntil(deadline: Deadline, hook: AfterCommitHook): Promise<void> {
  const running = (async () => hook())()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const tooLate = () =>
      reject(new Error(`An afterCommit hook still ran when the deadline of ${deadline.timeoutMs} ms passed.`))
    timer = setTimeout(tooLate, deadline.remainingMs())
  })
  try {
    await Promise.race([running, late])
  } finally {
    clearTimeout(timer)
  }
}
