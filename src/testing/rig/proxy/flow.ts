import type { Socket } from 'node:net'
import type { ArmedCut, CutReport } from './cut.ts'
import { FrameReader, type Kind } from './frame-reader.ts'
import { type Direction, nameOf, typeOf } from './message-names.ts'
import { MessageSplitter, type SplitSink } from './message-splitter.ts'
import { Outlet } from './outlet.ts'
import type { ConnectionTally, ProxyTally } from './proxy-counts.ts'
import type { SeenMessage } from './seen-message.ts'
import { endsReply, type Tamper, type TamperInfo } from './tamper.ts'
import type { Toxics } from './toxics.ts'

/** The connection that a {@link Flow} is one direction of. */
export interface FlowOwner {
  readonly id: number
  /** True from behind the first ReadyForQuery on. */
  readonly inSession: boolean
  /** A piece of a frame arrived. */
  note(direction: Direction, kind: Kind, ends: boolean): void
  /** Makes a cut in this direction, whose kept bytes have been written; calls `done` when it is made. */
  sever(direction: Direction, how: CutReport['how'], done: () => void): void
  /** RST to both sides. */
  reset(): void
}

export interface FlowOptions {
  readonly direction: Direction
  readonly source: Socket
  readonly receiver: Socket
  readonly owner: FlowOwner
  readonly toxics: Toxics
  readonly tally: ConnectionTally
  readonly total: ProxyTally
}

const TERMINATE = 0x58
const NOTIFICATION_RESPONSE = 0x41

/**
 * One direction of one connection. What its source sends is read, counted, observed, cut and tampered with when
 * it arrives; then it goes to the {@link Outlet}.
 */
export class Flow implements SplitSink {
  readonly direction: Direction
  readonly reader: FrameReader
  readonly outlet: Outlet
  readonly #options: FlowOptions
  readonly #splitter: MessageSplitter
  // The messages that are no part of a question or an answer: see TurnCounter.
  readonly #aside: Kind
  readonly #typeCounts = { startup: new Uint32Array(256), session: new Uint32Array(256) }
  readonly #counts = { startup: 0, session: 0 }
  #lastPhase: 'startup' | 'session' = 'startup'
  #out: Buffer[] = []
  #reply: Buffer[] = []
  #severed = false
  #cutUnderWay: ArmedCut | undefined

  constructor(options: FlowOptions) {
    const { direction, toxics, owner } = options
    this.#options = options
    this.direction = direction
    this.reader = new FrameReader(direction)
    this.#splitter = new MessageSplitter(this.reader)
    this.#aside = direction === 'client' ? TERMINATE : NOTIFICATION_RESPONSE
    this.outlet = new Outlet({
      source: options.source,
      receiver: options.receiver,
      delayMs: () => toxics.delayMs[direction],
      swallows: () => toxics.swallows[direction],
      reset: () => owner.reset(),
    })
  }

  /** How many messages of the session arrived: all, or those of one type letter. */
  position(type: string | undefined): number {
    if (type === undefined) return this.#counts.session
    return this.#typeCounts.session[type.charCodeAt(0)] ?? 0
  }

  /** Takes what the source sent. */
  receive(chunk: Buffer): void {
    if (this.#severed) return
    this.#options.tally.addBytes(this.direction, chunk.length)
    this.#splitter.push(chunk, this)
    this.#sendOut()
  }

  /** The source sent FIN. */
  finish(): void {
    if (!this.#severed) {
      this.#releaseReply()
      this.#out.push(...this.#splitter.release())
      this.#sendOut()
    }
    this.outlet.end()
  }

  /** The source is gone: it sent RST, could not be reached, or could not be written to. */
  fail(): void {
    this.#severed = true
    this.outlet.fail()
  }

  /** Nothing passes any more, and what is under way is forgotten. */
  close(): void {
    this.#severed = true
    this.outlet.clear()
    this.#cutUnderWay?.disarm('its connection ended before')
  }

  wantsWhole(): boolean {
    return this.#options.toxics.inspects(this.direction)
  }

  walked(kind: Kind, ends: boolean): void {
    if (this.#severed) return
    const { owner, tally, total } = this.#options
    if (ends) {
      const phase = owner.inSession ? 'session' : 'startup'
      this.#lastPhase = phase
      this.#counts[phase] += 1
      const typeCounts = this.#typeCounts[phase]
      if (kind < 256) typeCounts[kind] = (typeCounts[kind] ?? 0) + 1
      const messages = total.messages[this.direction]
      if (kind < 256 && phase === 'session') messages[kind] = (messages[kind] ?? 0) + 1
    }
    owner.note(this.direction, kind, ends)
    if (owner.inSession && kind !== this.#aside) tally.spoke(this.direction)
  }

  pass(bytes: Buffer): void {
    this.#releaseReply()
    this.#out.push(bytes)
  }

  message(bytes: Buffer, kind: Kind): void {
    if (this.#severed) return
    const { toxics } = this.#options
    const seen = this.#see(bytes, kind)
    this.#guard(() => {
      for (const observe of [...toxics.observers]) observe(seen)
    })
    // An observer may have reset this connection.
    if (this.#severed) return
    const armed = toxics.takeCut(seen)
    if (armed === undefined) this.#tamper(seen)
    else this.#cut(armed, seen)
  }

  #see(bytes: Buffer, kind: Kind): SeenMessage {
    const phase = this.#lastPhase
    return {
      connection: this.#options.owner.id,
      direction: this.direction,
      type: typeOf(kind),
      name: nameOf(this.direction, kind),
      length: bytes.length,
      startup: phase === 'startup',
      index: this.#counts[phase] - 1,
      typeIndex: Math.max(0, (this.#typeCounts[phase][kind] ?? 0) - 1),
      bytes,
    }
  }

  #cut(armed: ArmedCut, { bytes, startup: _, ...seen }: SeenMessage): void {
    const how = armed.cut.how ?? 'reset'
    const kept = armed.keep(bytes)
    this.#releaseReply()
    this.#out.push(kept)
    this.#sendOut()
    this.#severed = true
    this.#cutUnderWay = armed
    this.outlet.afterSent(() => {
      this.#options.owner.sever(this.direction, how, () =>
        armed.done({ ...seen, how, forwardedBytes: kept.length }),
      )
    })
  }

  #tamper(seen: SeenMessage): void {
    const tamper = this.#options.toxics.tampers.get(this.direction)
    if (tamper?.unit === 'message') this.#apply(tamper, seen.bytes, seen)
    else if (tamper === undefined || seen.startup) this.pass(seen.bytes)
    else {
      this.#reply.push(seen.bytes)
      if (!endsReply(seen.type)) return
      const reply = Buffer.concat(this.#reply)
      this.#reply = []
      this.#apply(tamper, reply, seen)
    }
  }

  #apply({ hook }: Tamper, unit: Buffer, { bytes: _, ...seen }: SeenMessage): void {
    const info: TamperInfo = { ...seen, length: unit.length, inject: (bytes) => this.#inject(bytes) }
    this.#guard(() => {
      const instead = hook(unit, info)
      if (instead !== null) this.#out.push(...[instead].flat())
    })
  }

  #inject(bytes: Buffer): boolean {
    if (this.#severed || !this.outlet.writable) return false
    this.outlet.send(bytes)
    return true
  }

  /** Runs the test's own code: what it throws fails the connection and, later, `close()`. */
  #guard(run: () => void): void {
    try {
      run()
    } catch (error) {
      this.#options.toxics.faults.push(error)
      this.#options.owner.reset()
    }
  }

  #releaseReply(): void {
    if (this.#reply.length === 0) return
    this.#out.push(...this.#reply)
    this.#reply = []
  }

  #sendOut(): void {
    const out = this.#out
    this.#out = []
    if (this.#severed) return
    const [first] = out
    if (first !== undefined) this.outlet.send(out.length === 1 ? first : Buffer.concat(out))
  }
}
