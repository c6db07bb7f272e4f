import { isMarked } from './fence-value.ts'

/** What fences say about an entry. */
export type Judgement =
  /** Nothing it depends on has been overwritten. */
  | 'holds'
  /** A fence is gone. */
  | 'missing'
  /** A fence is of another life of Redis, and may have lost what was written to it. */
  | 'foreign'
  /** A fence has another generation. */
  | 'overwritten'
  /** A transaction that overwrites it has not ended. */
  | 'pending'

/** Fences as they were read, and the life of Redis that was known when they were. */
export interface JudgedFences {
  readonly epoch: string
  readonly fences: readonly (string | undefined)[]
}

/**
 * Whether an entry may be served. Pure; no clock is in it.
 *
 * @param gens of the entry, in the order of the fences
 */
export function judge({ epoch, fences }: JudgedFences, gens: readonly string[]): Judgement {
  if (fences.length === 0 || gens.length !== fences.length) return 'overwritten'
  const life = `${epoch}.`
  for (const [index, fence] of fences.entries()) {
    if (fence === undefined) return 'missing'
    if (!fence.startsWith(life)) return 'foreign'
    if (isMarked(fence)) return 'pending'
    if (!isOf(fence, gens[index])) return 'overwritten'
  }
  return 'holds'
}

function isOf(fence: string, gen: string | undefined): boolean {
  return gen !== undefined && fence.startsWith(gen) && fence[gen.length] === '|'
}
