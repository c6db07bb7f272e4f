import { UnreadableReplyError } from '../redis/failure.ts'
import { isMarked } from './fence-value.ts'
import type { JudgedFences } from './judge.ts'

/** What Redis had at one moment. */
export interface Reading extends JudgedFences {
  /** The entry; nothing where there was none, or it was not asked for. */
  readonly value: Buffer | undefined
  /** Whether a transaction that has not ended overwrites something of it. */
  readonly isPending: boolean
  /** The keys of the fences that are marked. */
  readonly pending: readonly string[]
}

const NONE: readonly string[] = []

/** Reads raw fences. @throws {UnreadableReplyError} those are none */
export function readReading(
  epoch: string,
  keys: readonly string[],
  value: unknown,
  replies: readonly unknown[],
): Reading {
  if (replies.length !== keys.length) throw new UnreadableReplyError('Not as many values as keys.')
  if (value !== null && value !== undefined && !Buffer.isBuffer(value)) {
    throw new UnreadableReplyError('A value that is no text.')
  }
  let pending: readonly string[] = NONE
  const fences = replies.map((reply, index) => {
    if (reply === null) return undefined
    if (!Buffer.isBuffer(reply)) throw new UnreadableReplyError('A fence that is no text.')
    const text = reply.toString('latin1')
    if (isMarked(text)) pending = [...pending, keys[index] ?? '']
    return text
  })
  return {
    epoch,
    fences,
    value: value ?? undefined,
    isPending: pending.length > 0,
    pending,
  }
}

/** Changes with every change of a fence. */
export function stampOf({ fences }: Reading): string {
  return fences.join('\n')
}
