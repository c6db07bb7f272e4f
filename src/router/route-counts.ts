import type { Route, RouteReason } from '../telemetry.ts'

/** How many reads and writes went where, for which reason. They sum up to all that have ended. */
export class RouteCounts {
  readonly #byReason = new Map<RouteReason, number>()
  #total = 0

  add({ reason }: Route): void {
    this.#byReason.set(reason, (this.#byReason.get(reason) ?? 0) + 1)
    this.#total += 1
  }

  get total(): number {
    return this.#total
  }

  byReason(): Readonly<Partial<Record<RouteReason, number>>> {
    return Object.freeze(Object.fromEntries(this.#byReason))
  }
}
