import type { Leaf } from '../catalog/partition-catalog.ts'

/** What a partition holds, in microseconds of the epoch; `undefined` is MINVALUE or MAXVALUE. */
export interface Span {
  readonly lowUs: bigint | undefined
  readonly highUs: bigint | undefined
}

/** A hole between two partitions: rows in it are refused. */
export interface Hole {
  readonly lowUs: bigint
  readonly highUs: bigint
}

/** Partitions that take rows, by their lower bound: no DEFAULT one, and none whose detach is pending. */
export function takingRows(leaves: readonly Leaf[]): readonly Leaf[] {
  return inOrder(leaves.filter(({ isDefault, detachPending }) => !isDefault && !detachPending))
}

/** By the lower bound, MINVALUE first. */
export function inOrder<T extends Span>(spans: readonly T[]): readonly T[] {
  return spans.toSorted(({ lowUs: a }, { lowUs: b }) => {
    if (a === b) return 0
    if (a === undefined) return -1
    return b === undefined || a > b ? 1 : -1
  })
}

/** The holes between the first and the last of them. */
export function holesBetween(spans: readonly Span[]): readonly Hole[] {
  const holes: Hole[] = []
  let [until, isOpen] = [undefined as bigint | undefined, false]
  for (const { lowUs, highUs } of inOrder(spans)) {
    if (isOpen) break
    if (until !== undefined && lowUs !== undefined && lowUs > until)
      holes.push({ lowUs: until, highUs: lowUs })
    if (highUs === undefined) isOpen = true
    else if (until === undefined || highUs > until) until = highUs
  }
  return holes
}

/**
 * How far rows are taken without a hole, from an instant on.
 *
 * @returns the instant from which on they are refused: the one given, where it is refused itself; `undefined` where there is no end
 */
export function coveredUntil(spans: readonly Span[], nowUs: bigint): bigint | undefined {
  let until = nowUs
  for (const { lowUs, highUs } of inOrder(spans)) {
    if (lowUs !== undefined && lowUs > until) break
    if (highUs === undefined) return undefined
    if (highUs > until) until = highUs
  }
  return until
}
