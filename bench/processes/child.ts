import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

const END_LIMIT_MS = 5_000

/** A process of the bench that answers each message with one. */
export class Child implements AsyncDisposable {
  readonly #process: ChildProcess

  /** @param start the process's one argument, as JSON */
  constructor(file: URL, start: unknown) {
    this.#process = fork(file, [JSON.stringify(start)])
  }

  /**
   * Waits for the next message.
   *
   * @throws when none comes in time, or the process ends first
   */
  async answer<Reply>(timeoutMs: number): Promise<Reply> {
    const limit = AbortSignal.timeout(Math.ceil(timeoutMs))
    const ended = new AbortController()
    const end = once(this.#process, 'exit', { signal: ended.signal }).then(
      () => Promise.reject(new Error(`A process of the bench ended with code ${this.#process.exitCode}.`)),
      () => new Promise<never>(() => {}),
    )
    try {
      const [reply] = await Promise.race([once(this.#process, 'message', { signal: limit }), end])
      return reply as Reply
    } finally {
      ended.abort()
    }
  }

  ask<Reply>(order: object, timeoutMs: number): Promise<Reply> {
    const answer = this.answer<Reply>(timeoutMs)
    this.#process.send(order)
    return answer
  }

  /** Has it end by itself, by force if that takes long. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const ended = once(this.#process, 'exit')
    const force = setTimeout(() => this.#process.kill('SIGKILL'), END_LIMIT_MS)
    if (this.#process.connected) this.#process.disconnect()
    await ended
    clearTimeout(force)
  }
}
