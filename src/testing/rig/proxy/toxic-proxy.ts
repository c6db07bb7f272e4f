import type { Cut, CutReport } from './cut.ts'
import type { Direction } from './message-names.ts'
import type { ProxyCounts } from './proxy-counts.ts'
import type { MessageObserver } from './seen-message.ts'
import type { TamperHook, TamperOptions } from './tamper.ts'

export interface ToxicProxyOptions {
  /** Where each connection goes on to: a PostgreSQL server, or pgbouncer. */
  readonly target: { readonly host: string; readonly port: number }
  /** The port to listen on; a free one by default. */
  readonly port?: number
}

/**
 * A TCP proxy that reads PostgreSQL's protocol 3 and spoils it as told. It changes nothing by itself.
 *
 * *Up* is client to server, *down* is server to client. Each toxic holds for present and new connections until
 * it is changed. Other protocols (Redis) and TLS pass too: every toxic works on them except those that need
 * messages (`cutAt`, `tamper`, `onMessage`, `counts.messages`).
 */
export interface ToxicProxy extends AsyncDisposable {
  /** Always 127.0.0.1. */
  readonly host: string
  readonly port: number
  /** A snapshot of what arrived so far. */
  readonly counts: ProxyCounts
  /** How many connections are alive, half-open ones included. */
  readonly connections: number

  /** Counts from zero again. The answer to what a client had sent before is not counted as a round trip. */
  resetCounts(): void

  /**
   * Delays all bytes, and FIN and RST, by at least this many milliseconds: a number is for each way. Order is
   * kept and throughput is not: bytes travel side by side, up to 4 MiB a connection and way. The TCP handshake is
   * not delayed. Throws RangeError unless 0 <= ms < 2^31.
   */
  latency(ms: number | { readonly upMs?: number; readonly downMs?: number }): void

  /**
   * Swallows bytes, FIN and RST, both ways or one, and keeps all sockets open. A new connection is accepted but does
   * not reach the server while *up* is swallowed. Switched off, connections that lost nothing go on; those that
   * lost bytes in a direction stay silent in it, since TCP never leaves a gap; those whose end was swallowed get
   * RST. Switching off also ends the black holes of `cutAt`, in the same way.
   */
  blackHole(on: boolean | 'up' | 'down'): void

  /** RST to both sides of every live connection; returns how many there were. */
  resetAll(): number

  /** While on, each new connection gets RST as soon as it is accepted. */
  refuse(on: boolean): void

  /**
   * Cuts one connection once, where the given message arrives. The promise settles when the cut is made; it rejects
   * when the cut is disarmed first, by `disarmCuts`, `clearToxics` or `close`. May be called from an observer.
   * Throws RangeError for a position that cannot be.
   */
  cutAt(cut: Cut): Promise<CutReport>
  /** Takes back every cut that was not made; returns how many. */
  disarmCuts(): number

  /** Calls `observer` for each whole message that arrives. Returns a function that removes it. */
  onMessage(observer: MessageObserver): () => void

  /**
   * Lets `hook` change what one direction carries. Install it while the connections are quiet: a message whose
   * first byte has passed already passes whole. Returns a function that removes it; throws when that direction
   * has a hook, or for `unit: 'reply'` of the client.
   */
  tamper(direction: Direction, hook: TamperHook, options?: TamperOptions): () => void

  /** Back to a plain proxy: no latency, black hole, refusal, cut, hook or observer. Counts stay. */
  clearToxics(): void

  /**
   * Resets every connection and stops listening. Rejects with AggregateError when an observer or a hook threw: the
   * connection where it happened had been reset.
   */
  close(): Promise<void>
}
