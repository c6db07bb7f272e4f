import { ClosedError } from './errors/outcome.ts'
import type { OpenSource } from './open-source.ts'
import { InFlight } from './pool/in-flight.ts'
import { enclosingTransaction } from './transaction/enclosing.ts'
import type { Deadline } from './wire/deadline.ts'
import { endSource } from './wire/end-source.ts'
import type { TenantSource } from './wire/tenant-source.ts'

/** Turns new work away once it has begun, and lets work in flight end. */
export class Shutdown {
  readonly #sources: readonly OpenSource[]
  readonly #calls = new InFlight<symbol>()
  readonly #afterwards: () => void
  #running: Promise<void> | undefined

  /** @param afterwards what else is to be stopped, once no work needs it */
  constructor(sources: readonly OpenSource[], afterwards: () => void) {
    this.#sources = sources
    this.#afterwards = afterwards
  }

  /**
   * @param within a call from inside one of its transactions goes on with work that had begun before
   * @throws {ClosedError}
   */
  refuseNewWork(within?: TenantSource): void {
    if (!this.#running || (within && enclosingTransaction(within))) return
    throw new ClosedError('The database object was used after close(); nothing was sent.')
  }

  /** Counts a call as work in flight until it settles. */
  track<T>(call: () => Promise<T>): Promise<T> {
    return this.#calls.track(Symbol(), call)
  }

  /** Begins; called again, it waits for what has begun. Never throws. */
  begin(deadline: Deadline): Promise<void> {
    this.#running ??= this.#run(deadline)
    return this.#running
  }

  async #run(deadline: Deadline): Promise<void> {
    const calls = this.#calls.empty()
    const end = ({ source, endsPool }: OpenSource) => {
      const mayFinish = () => enclosingTransaction(source) !== undefined
      return endSource(source, { mayFinish, calls, deadline, endsPool })
    }
    await Promise.all(this.#sources.map(end))
    this.#afterwards()
  }
}
