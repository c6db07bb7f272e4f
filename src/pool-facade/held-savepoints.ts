import type { TenantTransaction } from '../transaction/tenant-transaction.ts'

/** A savepoint whose callback is held open. */
interface HeldSavepoint {
  readonly name: string
  readonly handle: TenantTransaction
  readonly end: PromiseWithResolvers<void>
  readonly settled: Promise<void>
}

/** The open savepoints of one transaction by the names of the caller, of which several may be the same. */
export class HeldSavepoints {
  readonly #outermost: TenantTransaction
  readonly #open: HeldSavepoint[] = []

  constructor(outermost: TenantTransaction) {
    this.#outermost = outermost
  }

  /** What statements are run with now. */
  get handle(): TenantTransaction {
    return this.#open.at(-1)?.handle ?? this.#outermost
  }

  has(name: string): boolean {
    return this.#open.some((savepoint) => savepoint.name === name)
  }

  async open(name: string): Promise<void> {
    const opened = Promise.withResolvers<TenantTransaction>()
    const end = Promise.withResolvers<void>()
    const settled = this.handle.savepoint((inner) => {
      opened.resolve(inner)
      return end.promise
    })
    settled.catch(opened.reject)
    this.#open.push({ name, handle: await opened.promise, end, settled })
  }

  /** Keeps what was done since the last savepoint of that name, with the savepoints inside it. */
  async release(name: string): Promise<void> {
    await this.#unwind(this.#indexOf(name), async ({ end, settled }) => {
      end.resolve()
      await settled
    })
  }

  /** Undoes what was done since, and goes on inside the savepoint, which PostgreSQL keeps. */
  async rollBackTo(name: string): Promise<void> {
    await this.#unwind(this.#indexOf(name), ({ end, settled }) => {
      end.reject(new Error('The savepoint was rolled back.'))
      return settled.catch(ignore)
    })
    await this.open(name)
  }

  /** COMMIT keeps them all. */
  async releaseAll(): Promise<void> {
    const [outermost] = this.#open
    if (outermost)
      await this.#unwind(0, async ({ end, settled }) => {
        end.resolve()
        await settled
      })
  }

  /** Lets go of what is held, once the transaction has ended. */
  forget(cause: unknown): void {
    for (const { end, settled } of this.#open.splice(0)) {
      settled.catch(ignore)
      end.reject(cause)
    }
  }

  #indexOf(name: string): number {
    return this.#open.findLastIndex((savepoint) => savepoint.name === name)
  }

  async #unwind(index: number, close: (savepoint: HeldSavepoint) => Promise<void>): Promise<void> {
    while (this.#open.length > index) {
      const innermost = this.#open.pop()
      if (innermost) await close(innermost)
    }
  }
}

function ignore(): void {}
