import type { SeenMessage } from './seen-message.ts'

/** What a {@link TamperHook} is told of the unit it may change. */
export interface TamperInfo extends Omit<SeenMessage, 'bytes'> {
  /**
   * Sends bytes to this connection's receiver, now or at any later time: after `return null`, this delivers a
   * message late and out of order. Returns false when the connection no longer takes any.
   */
  readonly inject: (bytes: Buffer) => boolean
}

/**
 * Decides what goes on instead of a unit: the unit itself, another one, several in this order, or `null` for
 * nothing. Keep a unit and return it later, before or after another one, to delay or swap.
 */
export type TamperHook = (unit: Buffer, info: TamperInfo) => Buffer | readonly Buffer[] | null

export interface TamperOptions {
  /**
   * `'message'` (default): the hook gets each message, start-up included.
   *
   * `'reply'` (server only): the hook gets all messages up to and including a ReadyForQuery as one unit, start-up
   * excluded, and `info` describes the message that ended it. CopyInResponse and CopyBothResponse end a unit
   * too, because there the server waits for the client. A client that asks for an answer by Flush instead of
   * Sync (a cursor, a row limit) waits for ever: its answer has no ReadyForQuery.
   */
  readonly unit?: 'message' | 'reply'
}

/** An installed hook. */
export interface Tamper {
  readonly hook: TamperHook
  readonly unit: 'message' | 'reply'
}

/** True for the server's messages after which it waits for the client. */
export function endsReply(type: string): boolean {
  return type === 'Z' || type === 'G' || type === 'W'
}
