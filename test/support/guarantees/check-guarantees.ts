import type { Operation } from './history.ts'

/** What is promised to a session. @see Terry et al., Session Guarantees for Weakly Consistent Replicated Data, 1994 */
export type Guarantee = 'read-your-writes' | 'monotonic-reads'

/** A read that shows less than its session was owed, and the operation that it was owed by. */
export interface Violation {
  readonly guarantee: Guarantee
  readonly read: Operation
  readonly owedBy: Operation
}

/**
 * Checks a recorded history. A read is owed what operations of its own session wrote or saw that had been answered before it was
 * asked for; of those that overlap with it nothing is said.
 */
export function checkGuarantees(history: readonly Operation[]): readonly Violation[] {
  const threads = Map.groupBy(history, ({ session, key }) => JSON.stringify([session, key]))
  return [...threads.values()].flatMap(checkThread)
}

/** Operations of one session on one key. */
function checkThread(operations: readonly Operation[]): readonly Violation[] {
  const answered = operations.toSorted((one, other) => one.to - other.to)
  const reads = operations
    .filter(({ kind }) => kind === 'read')
    .toSorted((one, other) => one.from - other.from)
  const highest: Partial<Record<Operation['kind'], Operation>> = {}
  let next = 0
  return reads.flatMap((read) => {
    for (let done = answered[next]; done && done.to < read.from; done = answered[++next]) {
      if (done.version > (highest[done.kind]?.version ?? 0)) highest[done.kind] = done
    }
    return [
      ...shortOf('read-your-writes', read, highest.write),
      ...shortOf('monotonic-reads', read, highest.read),
    ]
  })
}

function shortOf(guarantee: Guarantee, read: Operation, owedBy: Operation | undefined): readonly Violation[] {
  return owedBy && read.version < owedBy.version ? [{ guarantee, read, owedBy }] : []
}
