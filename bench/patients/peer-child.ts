import { Child } from '../processes/child.ts'
import type { PeerOrder, PeerReply, PeerStart } from './peer-messages.ts'
import type { SliceDone, Worker } from './worker.ts'

const GRACE_MS = 60_000

/** A peer's process. */
export class PeerChild implements Worker, AsyncDisposable {
  readonly #label: string
  readonly #child: Child

  /** @param label what its errors begin with */
  constructor(label: string, start: PeerStart) {
    this.#label = label
    this.#child = new Child(new URL('peer-process.ts', import.meta.url), start)
  }

  async work(order: PeerOrder): Promise<SliceDone> {
    const reply = await this.#child.ask<PeerReply>(order, order.durationMs + GRACE_MS)
    if ('error' in reply)
      throw new Error(`${this.#label}, ${order.workload}, ${order.distance}: ${reply.error}`)
    return reply
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#child[Symbol.asyncDispose]()
  }
}
