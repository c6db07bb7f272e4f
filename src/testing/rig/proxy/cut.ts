import type { Direction } from './message-names.ts'
import type { SeenMessage } from './seen-message.ts'

/** Where to cut a connection. Positions count as `SeenMessage.index` does, start-up excluded. */
export interface Cut {
  /** Who sends the message. */
  readonly direction: Direction
  /** The 0-based message of that direction, or of that direction and `type`. */
  readonly message: number
  /** One type letter: `message` then counts messages of this type only. */
  readonly type?: string
  /** Cut instead of forwarding the message, or once it has been handed to the receiver's kernel. */
  readonly when: 'before' | 'after'
  /** Only this connection; otherwise the first one to reach the position. */
  readonly connection?: number
  /**
   * `'reset'` (default): RST to both sides. `'close'`: FIN to both sides. `'black-hole'`: both directions of this
   * connection lose all further bytes, and both sockets stay open.
   */
  readonly how?: 'reset' | 'close' | 'black-hole'
  /** Forward only this many bytes of the message, whatever `when` says: a torn message. */
  readonly bytes?: number
  /**
   * What `message` counts from. `'startup'` (default): the connection's first ReadyForQuery. `'armed'`: the call
   * of `cutAt`; messages that had arrived by then do not count.
   */
  readonly since?: 'startup' | 'armed'
}

/** What a cut did. */
export interface CutReport extends Omit<SeenMessage, 'bytes' | 'startup'> {
  readonly how: 'reset' | 'close' | 'black-hole'
  /** How many of the message's `length` bytes were let through. */
  readonly forwardedBytes: number
}

/** Reads how many messages of a live connection have arrived already, by its number. */
export type Positions = ReadonlyMap<number, number>

/** A cut that waits for its message. */
export class ArmedCut {
  readonly cut: Cut
  /** Settles when the cut is made, or when it is disarmed. Never an unhandled rejection. */
  readonly report: Promise<CutReport>
  readonly #from: Positions
  readonly #settle: PromiseWithResolvers<CutReport>

  /** `from`: with `since: 'armed'`, where each live connection stands. Throws RangeError for a senseless cut. */
  constructor(cut: Cut, from: Positions) {
    assertCut(cut)
    this.cut = cut
    this.#from = from
    this.#settle = Promise.withResolvers<CutReport>()
    this.report = this.#settle.promise
    this.report.catch(() => {})
  }

  matches(seen: SeenMessage): boolean {
    const { cut } = this
    if (seen.startup || seen.direction !== cut.direction) return false
    if (cut.connection !== undefined && seen.connection !== cut.connection) return false
    if (cut.type !== undefined && seen.type !== cut.type) return false
    const position = cut.type === undefined ? seen.index : seen.typeIndex
    return position === cut.message + (this.#from.get(seen.connection) ?? 0)
  }

  /** The bytes of the message that still go on. */
  keep(message: Buffer): Buffer {
    return message.subarray(0, this.cut.bytes ?? (this.cut.when === 'after' ? message.length : 0))
  }

  done(report: CutReport): void {
    this.#settle.resolve(report)
  }

  disarm(reason: string): void {
    const { direction, message, type } = this.cut
    const at = `message ${message}${type === undefined ? '' : ` of type ${type}`} from the ${direction}`
    this.#settle.reject(
      new Error(`toxic proxy: the cut at ${at} was not made: ${reason}; arm it before that message is sent`),
    )
  }
}

function assertCut({ message, bytes, type }: Cut): void {
  if (!Number.isSafeInteger(message) || message < 0) {
    throw new RangeError(`toxic proxy: cut.message must be 0, 1, 2, ..., not ${message}`)
  }
  if (bytes !== undefined && (!Number.isSafeInteger(bytes) || bytes < 0)) {
    throw new RangeError(`toxic proxy: cut.bytes must be 0, 1, 2, ..., not ${bytes}`)
  }
  if (type !== undefined && type.length !== 1) {
    throw new RangeError(`toxic proxy: cut.type must be one type letter such as 'C', not '${type}'`)
  }
}
