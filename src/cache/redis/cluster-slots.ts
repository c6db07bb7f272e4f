import type { SeedNode } from './cluster-seeds.ts'
import { UnreadableReplyError } from './failure.ts'
import { SLOTS } from './key-slot.ts'

/** Slots that one primary has: from the first to the last. */
export interface SlotRange {
  readonly first: number
  readonly last: number
  readonly primary: SeedNode
}

/**
 * Reads the answer to `CLUSTER SLOTS`.
 *
 * @param asked the node that answered: it may call itself by no name
 * @throws {UnreadableReplyError}
 * @see https://redis.io/docs/latest/commands/cluster-slots/
 */
export function readSlots(reply: unknown, asked: SeedNode): SlotRange[] {
  if (!Array.isArray(reply)) throw unreadable()
  return reply.map((range: unknown) => {
    if (!Array.isArray(range)) throw unreadable()
    const [first, last, primary]: unknown[] = range
    if (!isSlot(first) || !isSlot(last) || first > last || !Array.isArray(primary)) throw unreadable()
    const [host, port]: unknown[] = primary
    if (typeof port !== 'number') throw unreadable()
    return { first, last, primary: { host: nameOf(host) ?? asked.host, port } }
  })
}

/** A node whose name the cluster does not know has nothing, '' or '?' for one. */
function nameOf(host: unknown): string | undefined {
  return typeof host === 'string' && host !== '' && host !== '?' ? host : undefined
}

function isSlot(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < SLOTS
}

function unreadable(): UnreadableReplyError {
  return new UnreadableReplyError('CLUSTER SLOTS was not answered with slots.')
}
