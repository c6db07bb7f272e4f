import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Rig } from '../../../src/testing/rig/rig.ts'
import { Random } from '../../support/random.ts'

/** Has the standbys of a rig fall behind and catch up at random, one at a time, until it is stopped. */
export class RandomLag {
  readonly #admins: readonly pg.Client[]
  readonly #stop = new AbortController()
  readonly #running: Promise<void>
  #pauses = 0

  static async start(rig: Rig, seed: number): Promise<RandomLag> {
    const admins = rig.standbys.map((standby) => new pg.Client({ connectionString: standby.adminUrl() }))
    await Promise.all(admins.map((admin) => admin.connect()))
    return new RandomLag(admins, seed)
  }

  private constructor(admins: readonly pg.Client[], seed: number) {
    this.#admins = admins
    this.#running = this.#run(seed)
  }

  /** How often one was held up. */
  get pauses(): number {
    return this.#pauses
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
    await Promise.all(this.#admins.map((admin) => admin.end()))
  }

  async #run(seed: number): Promise<void> {
    const random = new Random(seed)
    while (!this.#stop.signal.aborted) {
      const admin = this.#admins[random.below(this.#admins.length)]
      await admin?.query('select pg_wal_replay_pause()')
      this.#pauses += 1
      await sleep(20 + random.below(130))
      await admin?.query('select pg_wal_replay_resume()')
      await sleep(10 + random.below(40))
    }
  }
}
