import type { Direction } from './message-names.ts'

/** One whole protocol message, as it arrived at the proxy. */
export interface SeenMessage {
  /** The connection's number: 0 for the first one the proxy accepted, never used again. */
  readonly connection: number
  /** Who sent it. */
  readonly direction: Direction
  /** The type letter; `''` for the untyped messages of start-up. Means another message in the other direction. */
  readonly type: string
  /** The name in the PostgreSQL docs ("Message Formats"); undefined for a type they do not list. */
  readonly name: string | undefined
  /** Bytes, the type and the length included. */
  readonly length: number
  /** True up to and including the connection's first ReadyForQuery. */
  readonly startup: boolean
  /** 0-based among this direction's messages, counted apart for start-up and for what follows it. */
  readonly index: number
  /** The same, among messages of this type only. */
  readonly typeIndex: number
  /** The message as it is on the wire. A view of what goes on: copy it before changing it. */
  readonly bytes: Buffer
}

/** Called for each message as it arrives, before latency, cuts and tampering. */
export type MessageObserver = (message: SeenMessage) => void
