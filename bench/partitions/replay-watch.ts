import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'

const LOOK_EVERY_MS = 20
const WRITTEN = "select (pg_current_wal_lsn() - '0/0')::text as bytes"
const REPLAYED = "select (pg_last_wal_replay_lsn() - '0/0')::text as bytes"

/** How far standbys are behind: the time from when the log was written up to a place to when it was replayed up to there. */
export class ReplayWatch {
  mostLagMs = 0
  readonly #stop = new AbortController()
  readonly #written: { readonly bytes: bigint; readonly at: number }[] = []
  readonly #working: Promise<unknown>

  constructor(primary: pg.Client, standbys: readonly pg.Client[]) {
    this.#working = Promise.all([this.#sample(primary), ...standbys.map((standby) => this.#follow(standby))])
  }

  async end(): Promise<void> {
    this.#stop.abort()
    await this.#working
  }

  async #sample(primary: pg.Client): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#written.push({ bytes: await bytesOf(primary, WRITTEN), at: performance.now() })
      await sleep(LOOK_EVERY_MS)
    }
  }

  async #follow(standby: pg.Client): Promise<void> {
    let next = 0
    while (!this.#stop.signal.aborted) {
      const replayed = await bytesOf(standby, REPLAYED)
      for (let place = this.#written[next]; place && place.bytes <= replayed; place = this.#written[next])
        next += 1
      const oldest = this.#written[next]
      if (oldest) this.mostLagMs = Math.max(this.mostLagMs, performance.now() - oldest.at)
      await sleep(LOOK_EVERY_MS)
    }
  }
}

async function bytesOf(client: pg.Client, text: string): Promise<bigint> {
  const { rows } = await client.query<{ bytes: string }>(text)
  return BigInt(rows[0]?.bytes ?? 0)
}
