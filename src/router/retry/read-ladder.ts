import type { ReadErrorClass } from './read-error.ts'

/** Where a read goes after a target has failed it. */
export type NextStep = 'same' | 'other' | 'primary' | 'give-up'

/** What is tried after each kind of failure, one step for each time that it is met; behind the last the read has failed. */
const LADDERS: Readonly<Record<ReadErrorClass, readonly NextStep[]>> = {
  unreachable: ['other', 'other', 'other', 'primary'],
  lost: ['other', 'primary'],
  // The primary would be next to have no room.
  busy: ['other'],
  // Once more where it was: what it was in the way of has been replayed by then. But not for ever: it holds replay up.
  conflict: ['same', 'other', 'primary'],
  'wrong-target': [],
  final: [],
}

/** Counts the failures of one read, and says where it goes next. */
export class ReadLadder {
  readonly #met = new Map<ReadErrorClass, number>()

  next(failure: ReadErrorClass): NextStep {
    const met = this.#met.get(failure) ?? 0
    this.#met.set(failure, met + 1)
    return LADDERS[failure][met] ?? 'give-up'
  }
}
