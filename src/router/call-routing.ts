import type { Route } from '../telemetry.ts'
import type { Isolation } from '../transaction/begin.ts'
import type { Deadline } from '../wire/deadline.ts'
import type { PositionWatch } from '../wire/position-watch.ts'
import type { CallRoutingOptions } from './call-routing-options.ts'
import type { Fleet } from './fleet.ts'
import { RoutedRead } from './routed-read.ts'

/** How the calls of one handle, or of one transaction, find their server. */
export class CallRouting {
  readonly #fleet: Fleet
  readonly #options: CallRoutingOptions

  constructor(fleet: Fleet, options: CallRoutingOptions) {
    this.#fleet = fleet
    this.#options = options
  }

  /** The way of one call that reads only. */
  read(deadline: Deadline, isolation?: Isolation): RoutedRead {
    return new RoutedRead(this.#fleet, { ...this.#options, isolation, deadline })
  }

  /** Runs a call that may write, on the primary. @param work is to tell the watch what it is told */
  async write<T>(work: (watch: PositionWatch | undefined) => Promise<T>): Promise<T> {
    const { reader, onRoute } = this.#options
    const startedAt = performance.now()
    try {
      const value = await work(reader && this.#fleet.watchPrimary(reader, true))
      await reader?.saved()
      return value
    } finally {
      this.#fleet.noteRoute(WRITE, performance.now() - startedAt)
      onRoute?.(WRITE)
    }
  }
}

/** Where every write goes. */
export const WRITE: Route = Object.freeze({ target: 'primary', reason: 'write', attempts: 1, waitedMs: 0 })
