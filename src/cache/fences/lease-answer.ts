import { UnreadableReplyError } from '../redis/failure.ts'
import { readFence } from './fence-value.ts'
import { type Reading, readReading } from './reading.ts'

/** What to do where no valid entry was read. */
export type LeaseAnswer =
  /** Load, and store under these generations. */
  | {
      readonly kind: 'load'
      readonly gens: readonly string[]
      /** What a replica must have replayed, by fence; nothing where only the primary will do. */
      readonly floors: readonly (bigint | undefined)[]
      /** When the lease was granted, in microseconds of the clock of Redis. */
      readonly ordinal: string
    }
  /** There is a valid entry by now. */
  | { readonly kind: 'hit'; readonly reading: Reading }
  /** Somebody else loads. */
  | { readonly kind: 'wait'; readonly remainingMs: number }
  /** Transactions that overwrite it have not ended: what is loaded cannot be stored. The keys of the fences they have marked. */
  | { readonly kind: 'pending'; readonly pending: readonly string[] }

/** @throws {UnreadableReplyError} */
export function readLeaseAnswer(epoch: string, keys: readonly string[], reply: unknown): LeaseAnswer {
  if (!Array.isArray(reply)) throw unreadable()
  const [kind, detail, ...raw]: unknown[] = reply
  const word = String(kind)
  if (word === 'wait') return { kind: 'wait', remainingMs: readMs(detail) }
  const reading = readReading(epoch, keys, word === 'hit' ? detail : undefined, raw)
  if (word === 'hit') return { kind: 'hit', reading }
  if (word === 'pending') return { kind: 'pending', pending: reading.pending }
  const ordinal = String(detail)
  if (word !== 'load' || !/^\d+$/.test(ordinal)) throw unreadable()
  const fences = reading.fences.map((text) => {
    const fence = text === undefined ? undefined : readFence(text)
    if (!fence) throw unreadable()
    return fence
  })
  return {
    kind: 'load',
    gens: fences.map(({ gen }) => gen),
    floors: fences.map(({ floor }) => floor),
    ordinal,
  }
}

function readMs(detail: unknown): number {
  if (typeof detail !== 'number') throw unreadable()
  // -1 and -2: a lease without an end, or one that has just ended.
  return Math.max(0, detail)
}

function unreadable(): UnreadableReplyError {
  return new UnreadableReplyError('A lease that was neither granted nor refused.')
}
