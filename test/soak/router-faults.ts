import { setTimeout as sleep } from 'node:timers/promises'
import { askOnce } from '../../src/testing/rig/admin-session.ts'
import type { Cut, ToxicProxy } from '../../src/testing/rig/proxy/index.ts'
import type { Rig } from '../../src/testing/rig/rig.ts'
import { RandomLag } from '../router/support/lag.ts'
import { Random } from '../support/random.ts'

/** Where a connection is cut: around what makes a write commit and says that it has, and in the midst of what a read is shown. */
const CUTS: readonly Pick<Cut, 'direction' | 'type' | 'when' | 'how' | 'bytes'>[] = [
  { direction: 'client', type: 'S', when: 'before' },
  { direction: 'client', type: 'S', when: 'after' },
  { direction: 'client', type: 'S', when: 'after', bytes: 2 },
  { direction: 'server', type: 'C', when: 'before' },
  { direction: 'server', type: 'D', when: 'before', how: 'close' },
  { direction: 'server', type: 'D', when: 'after' },
  { direction: 'server', type: 'Z', when: 'before' },
  { direction: 'server', type: 'Z', when: 'after', how: 'close' },
]
const PAUSE_MS = 300
const DOWN_MS = 1_000

/** What is done to the servers, and how often it was. */
export type RouterFaultCounts = Record<
  'replayPaused' | 'sessionsEnded' | 'standbyKilled' | 'primaryCut' | 'replicaCut',
  number
>

/** Servers, and the proxies in front of them: of the primary first, then of the standbys. */
export interface RouterFaultPlaces {
  readonly rig: Rig
  readonly proxies: readonly ToxicProxy[]
}

/** Standbys fall behind one at a time, all the while; and at random connections are cut, sessions ended, and standbys killed. */
export class RouterFaults {
  readonly #places: RouterFaultPlaces
  readonly #random: Random
  readonly #lag: RandomLag
  readonly #counts = { sessionsEnded: 0, standbyKilled: 0, primaryCut: 0, replicaCut: 0 }
  readonly #stop = new AbortController()
  readonly #running: Promise<void>

  static async start(places: RouterFaultPlaces, seed: number): Promise<RouterFaults> {
    return new RouterFaults(places, seed, await RandomLag.start(places.rig, seed))
  }

  private constructor(places: RouterFaultPlaces, seed: number, lag: RandomLag) {
    this.#places = places
    this.#random = new Random(seed ^ 0x5eed)
    this.#lag = lag
    this.#running = this.#run()
    // Told by stop().
    this.#running.catch(() => {})
  }

  /** Ends when the last one is over. @throws when one could not be inflicted, since then the soak proves less */
  async stop(): Promise<RouterFaultCounts> {
    this.#stop.abort()
    try {
      await this.#running
    } finally {
      this.#disarm()
      await this.#lag.stop()
    }
    return { replayPaused: this.#lag.pauses, ...this.#counts }
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await sleep(this.#random.below(PAUSE_MS))
      // Else they pile up while nothing is sent, and then every probe of a replica that is back meets one.
      this.#disarm()
      const kind = this.#random.below(1_000)
      if (kind < 600) this.#cut('replicaCut')
      else if (kind < 900) this.#cut('primaryCut')
      else if (kind < 990) await this.#endSessions()
      // Rare, since a replica that died is left alone for seconds.
      else await this.#kill()
    }
  }

  #disarm(): void {
    for (const proxy of this.#places.proxies) proxy.disarmCuts()
  }

  #cut(kind: 'primaryCut' | 'replicaCut'): void {
    const [primary, ...replicas] = this.#places.proxies
    const proxy = kind === 'primaryCut' ? primary : this.#random.pick(replicas)
    const place = this.#random.pick(CUTS)
    proxy?.cutAt({ message: 0, since: 'armed', ...place }).then(
      () => {
        this.#counts[kind] += 1
      },
      () => {},
    )
  }

  async #endSessions(): Promise<void> {
    const standby = this.#random.pick(this.#places.rig.standbys)
    await askOnce(
      standby.adminUrl(),
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'`,
    )
    this.#counts.sessionsEnded += 1
  }

  async #kill(): Promise<void> {
    const standby = this.#random.pick(this.#places.rig.standbys)
    const downMs = this.#random.below(DOWN_MS)
    await this.#lag.without(standby, async () => {
      await standby.kill()
      await sleep(downMs)
      await standby.restart()
    })
    this.#counts.standbyKilled += 1
  }
}
