/** A write whose commit was acknowledged, at a moment of the clock that all processes share. */
export interface AckedWrite {
  readonly key: string
  readonly version: number
  readonly ackedAtNs: bigint
}

/** What a get gave, and when it had been called. */
export interface SeenValue {
  readonly key: string
  readonly version: number
  readonly calledAtNs: bigint
}

/** A value that was older than a write acknowledged before the call. */
export interface StaleValue extends SeenValue {
  readonly newest: number
}

/** All writes of one key, so that it can be asked what had been acknowledged by a moment. */
class Acknowledged {
  readonly #at: bigint[] = []
  readonly #highest: number[] = []

  constructor(writes: readonly AckedWrite[]) {
    let highest = 0
    for (const { ackedAtNs, version } of writes.toSorted(byTime)) {
      highest = Math.max(highest, version)
      this.#at.push(ackedAtNs)
      this.#highest.push(highest)
    }
  }

  /** The highest version that was acknowledged before a moment; 0 where none was. */
  before(atNs: bigint): number {
    let low = 0
    let high = this.#at.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#at[middle] ?? 0n) < atNs) low = middle + 1
      else high = middle
    }
    return this.#highest[low - 1] ?? 0
  }
}

/** Finds the gets that were given less than what had been acknowledged before they were called. */
export function findStale(writes: readonly AckedWrite[], seen: readonly SeenValue[]): readonly StaleValue[] {
  const byKey = new Map(
    [...Map.groupBy(writes, ({ key }) => key)].map(([key, list]) => [key, new Acknowledged(list)]),
  )
  return seen.flatMap((value) => {
    const newest = byKey.get(value.key)?.before(value.calledAtNs) ?? 0
    return value.version < newest ? [{ ...value, newest }] : []
  })
}

function byTime(a: AckedWrite, b: AckedWrite): number {
  return a.ackedAtNs < b.ackedAtNs ? -1 : a.ackedAtNs > b.ackedAtNs ? 1 : 0
}
