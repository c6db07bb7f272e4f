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

/** What stands behind an epoch, and behind a generation. */
const [DOT, BAR] = [0x2e, 0x7c]

/**
 * Whether an entry may be served. Pure; no clock is in it.
 *
 * @param gens of the entry, in the order of the fences
 */
export function judge({ epoch, fences }: JudgedFences, gens: readonly string[]): Judgement {
  if (fences.length === 0 || gens.length !== fences.length) return 'overwritten'
  for (let index = 0; index < gens.length; index += 1) {
    const fence = fences[index]
    const gen = gens[index]
    if (fence === undefined) return 'missing'
    if (!begins(fence, epoch, DOT)) return 'foreign'
    if (isMarked(fence)) return 'pending'
    if (gen === undefined || !begins(fence, gen, BAR)) return 'overwritten'
  }
  return 'holds'
}

/** Compared where it stands: a text that is put together for it costs more than all else here. */
function begins(fence: string, text: string, then: number): boolean {
  return fence.charCodeAt(text.length) === then && fence.startsWith(text)
}
