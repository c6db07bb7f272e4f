import type { Socket } from 'node:net'
import { DelayLine } from './delay-line.ts'

// What one direction may hold in its delay line before its source is paused: 4 MiB at 20 ms are 200 MiB/s.
const MAX_DELAYED_BYTES = 4 * 1024 * 1024

export interface OutletOptions {
  readonly source: Socket
  readonly receiver: Socket
  readonly delayMs: () => number
  /** True while this direction of every connection is a black hole. */
  readonly swallows: () => boolean
  /** RST to both sides. */
  readonly reset: () => void
}

/**
 * The far end of one direction of one connection: what passed inspection goes through the delay line and then
 * meets the black hole or the receiver. Pauses the source while the receiver, or the line, is full.
 */
export class Outlet {
  readonly #options: OutletOptions
  readonly #line: DelayLine<Buffer | (() => void)>
  /** A cut made this connection a black hole of its own. */
  holed = false
  #delayedBytes = 0
  #lost = false
  #endSwallowed = false

  constructor(options: OutletOptions) {
    this.#options = options
    this.#line = new DelayLine(options.delayMs, (item) => this.#leave(item))
    options.receiver.on('drain', () => this.#resume())
  }

  /** True when bytes were swallowed: TCP never leaves a gap, so nothing that follows is ever forwarded. */
  get lost(): boolean {
    return this.#lost
  }

  /** True when the source's FIN or RST was swallowed. */
  get endSwallowed(): boolean {
    return this.#endSwallowed
  }

  get writable(): boolean {
    return this.#options.receiver.writable
  }

  send(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#delayedBytes += bytes.length
    this.#line.push(bytes)
    if (this.#delayedBytes > MAX_DELAYED_BYTES) this.#options.source.pause()
  }

  /** Does something when all that was sent before it has left the line. */
  afterSent(action: () => void): void {
    this.#line.push(action)
  }

  /** Passes on the source's FIN. */
  end(): void {
    this.#line.push(() => {
      if (this.#swallows()) this.#endSwallowed = true
      else if (this.#lost) this.#options.reset()
      else this.#options.receiver.end()
    })
  }

  /** Passes on the source's RST. */
  fail(): void {
    this.#line.push(() => {
      if (this.#swallows()) this.#endSwallowed = true
      else this.#options.reset()
    })
  }

  /** Drops what is under way. */
  clear(): void {
    this.#line.clear()
  }

  #leave(item: Buffer | (() => void)): void {
    if (typeof item === 'function') {
      item()
      return
    }
    const { source, receiver } = this.#options
    this.#delayedBytes -= item.length
    if (this.#swallows()) this.#lost = true
    else if (!this.#lost && receiver.writable && !receiver.write(item)) source.pause()
    else this.#resume()
  }

  #resume(): void {
    const { source } = this.#options
    if (source.isPaused()) source.resume()
  }

  #swallows(): boolean {
    return this.holed || this.#options.swallows()
  }
}
