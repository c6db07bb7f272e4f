import type { HookMark } from './commit-hooks.ts'

/** A savepoint that is open. */
export interface Savepoint {
  readonly name: string
  /** The hooks and the failure that the transaction had before it. */
  readonly hooks: HookMark
  readonly failure: unknown
  /** Whether SAVEPOINT has left: it goes out with the first statement behind it. */
  sent: boolean
  /** Why nothing of it may be kept, where an inner call failed in it. */
  rollbackOnly: { readonly cause: unknown } | undefined
}

/** The savepoints of one transaction, and the statements for them that have not left yet. */
export class Savepoints {
  readonly #open: Savepoint[] = []
  #pending: string[] = []
  #count = 0

  get innermost(): Savepoint | undefined {
    return this.#open.at(-1)
  }

  /** Opens a savepoint inside the innermost one. SAVEPOINT leaves with the next statement. */
  open(hooks: HookMark, failure: unknown): Savepoint {
    this.#count += 1
    const name = `leasehold_${this.#count}`
    const savepoint = { name, hooks, failure, sent: false, rollbackOnly: undefined }
    this.#open.push(savepoint)
    this.#pending.push(`savepoint ${name}`)
    return savepoint
  }

  /** Takes what must leave in front of the next statement. */
  takePending(): readonly string[] {
    for (const savepoint of this.#open) savepoint.sent = true
    const pending = this.#pending
    this.#pending = []
    return pending
  }

  /** Keeps what was done since. RELEASE leaves with the next statement; COMMIT needs none. */
  release(savepoint: Savepoint): void {
    this.#close(savepoint)
    if (savepoint.sent) this.#pending.push(`release savepoint ${savepoint.name}`)
  }

  /** What undoes a savepoint, or nothing where the server never heard of it. */
  undo(savepoint: Savepoint): readonly string[] | undefined {
    this.#close(savepoint)
    if (!savepoint.sent) return undefined
    // Those inside it go with it.
    this.#pending = []
    return [`rollback to savepoint ${savepoint.name}`, `release savepoint ${savepoint.name}`]
  }

  #close(savepoint: Savepoint): void {
    const index = this.#open.indexOf(savepoint)
    if (index >= 0) this.#open.length = index
    if (!savepoint.sent)
      this.#pending = this.#pending.filter((text) => text !== `savepoint ${savepoint.name}`)
  }
}
