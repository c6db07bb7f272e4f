import { Child } from '../processes/child.ts'
import type { PeerOrder, PeerStart, Ready } from './messages.ts'

const START_MS = 60_000
const GRACE_MS = 60_000

/** A peer's process. */
export class PeerChild implements AsyncDisposable {
  readonly #name: string
  readonly #child: Child
  readonly #ready: Promise<Ready>

  constructor(start: PeerStart) {
    this.#name = start.peer
    this.#child = new Child(new URL('peer-process.ts', import.meta.url), start)
    this.#ready = this.#child.answer<Ready>(START_MS)
    this.#ready.catch(() => {})
  }

  /** @throws it could not connect */
  async ready(): Promise<void> {
    this.#refuse(await this.#ready)
  }

  /** @throws what went wrong in the process */
  async ask<Reply extends object>(
    order: PeerOrder,
    forMs: number,
  ): Promise<Exclude<Reply, { error: string }>> {
    return this.#refuse(await this.#child.ask<Reply>(order, forMs + GRACE_MS))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#child[Symbol.asyncDispose]()
  }

  #refuse<Reply extends object>(reply: Reply): Exclude<Reply, { error: string }> {
    if ('error' in reply) throw new Error(`${this.#name}: ${reply.error}`)
    return reply as Exclude<Reply, { error: string }>
  }
}
