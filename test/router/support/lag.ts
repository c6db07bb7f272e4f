import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { PostgresNode } from '../../../src/testing/rig/postgres-node.ts'
import type { Rig } from '../../../src/testing/rig/rig.ts'
import { Random } from '../../support/random.ts'

/** Has the standbys of a rig fall behind and catch up at random, one at a time, until it is stopped. */
export class RandomLag {
  readonly #standbys: readonly PostgresNode[]
  readonly #stop = new AbortController()
  readonly #running: Promise<void>
  #left: PostgresNode | undefined
  #pauses = 0

  /** @param seed repeats the order and the times */
  static async start({ standbys }: Rig, seed: number): Promise<RandomLag> {
    return new RandomLag(standbys, seed)
  }

  private constructor(standbys: readonly PostgresNode[], seed: number) {
    this.#standbys = standbys
    this.#running = this.#run(new Random(seed))
  }

  /** How often one was held up. */
  get pauses(): number {
    return this.#pauses
  }

  /** Leaves one standby alone while something else is done to it. */
  async without(standby: PostgresNode, work: () => Promise<void>): Promise<void> {
    this.#left = standby
    try {
      await work()
    } finally {
      this.#left = undefined
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run(random: Random): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const standby = this.#standbys[random.below(this.#standbys.length)]
      if (standby && standby !== this.#left) await this.#holdUp(standby, 20 + random.below(130))
      await sleep(10 + random.below(40))
    }
  }

  /** A standby that dies meanwhile comes back with its replay going on. */
  async #holdUp(standby: PostgresNode, forMs: number): Promise<void> {
    const admin = new pg.Client({ connectionString: standby.adminUrl() })
    admin.on('error', () => {})
    try {
      await admin.connect()
      await admin.query('select pg_wal_replay_pause()')
      this.#pauses += 1
      await sleep(forMs)
      await admin.query('select pg_wal_replay_resume()')
    } catch {
      // It was killed.
    } finally {
      await admin.end().catch(() => {})
    }
  }
}
