import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { createLeasehold, uuid } from '../../src/index.ts'
import { FigureBook } from './load-figures.ts'
import type { LoadStart } from './load-messages.ts'
import { TENANT_IDS } from './schema.ts'

interface EventRow {
  readonly tenant_id: string
}

const INSERT = 'insert into events (tenant_id, at, body) values ($1, $2, $3)'
const NEWEST = 'select tenant_id, at, body from events where at >= $1 and at < $2 order by at desc limit 20'
const COUNT = 'select count(*) from events'
const SET_TENANT = "select set_config('app.tenant_id', $1, true)"
const DAY_MS = 86_400_000
/** After an error, as an application that is not to make things worse. */
const REST_MS = 20
const ANALYTIC_PAUSE_MS = 100

/** Writers and readers of one application, all through the pooler, each waiting for its answer before the next call. */
export class Application implements AsyncDisposable {
  readonly book = new FigureBook()
  month: number
  readonly #start: LoadStart
  readonly #stop = new AbortController()
  readonly #db: ReturnType<typeof createLeasehold>
  readonly #working: Promise<unknown>[] = []

  constructor(start: LoadStart) {
    this.#start = start
    this.month = start.month
    const { url, writers, readers, analyticMs } = start
    this.#db = createLeasehold({ primary: { connectionString: url, max: writers + readers } })
    for (let n = 0; n < writers; n += 1)
      this.#working.push(this.#loop('writer', (turn) => this.#write(n + turn)))
    for (let n = 0; n < readers; n += 1)
      this.#working.push(this.#loop('reader', (turn) => this.#read(n + turn)))
    if (analyticMs > 0) this.#working.push(this.#analyze())
  }

  /** Has a transaction read the table and then do nothing. */
  idle(): void {
    const { idleMs } = this.#start
    if (idleMs > 0) this.#working.push(this.#transaction('idle reader', idleMs))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#working)
    await this.#db.close()
  }

  async #loop(who: string, call: (turn: number) => Promise<void>): Promise<void> {
    for (let turn = 0; !this.#stop.signal.aborted; turn += 7) {
      const sentAt = performance.now()
      try {
        await call(turn)
        this.book.answered(who, sentAt)
      } catch (error) {
        this.book.failed(who, error, sentAt)
        await sleep(REST_MS)
      }
    }
  }

  async #write(turn: number): Promise<void> {
    const tenant = tenantAt(turn)
    const at = new Date(this.month + (turn % 27) * DAY_MS)
    await this.#db.tenant(uuid(tenant)).query(INSERT, [tenant, at, 'an event'])
    this.book.inserted += 1
  }

  async #read(turn: number): Promise<void> {
    const tenant = tenantAt(turn)
    const range = [new Date(this.month - 7 * DAY_MS), new Date(this.month + 27 * DAY_MS)]
    const { rows } = await this.#db.tenant(uuid(tenant), { readOnly: true }).query<EventRow>(NEWEST, range)
    this.book.foreignRows += rows.filter((row) => row.tenant_id !== tenant).length
  }

  /** Reads every partition, for as long as a report takes, again and again. */
  async #analyze(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#transaction('analytic reader', this.#start.analyticMs)
      this.book.analyses += 1
      await this.#wait(ANALYTIC_PAUSE_MS)
    }
  }

  async #transaction(who: string, idleMs: number): Promise<void> {
    const client = new pg.Client({ connectionString: this.#start.url })
    client.on('error', () => {})
    try {
      await client.connect()
      await client.query('begin')
      await client.query(SET_TENANT, [tenantAt(0)])
      await client.query(COUNT)
      await this.#wait(idleMs)
      await client.query('commit')
    } catch (error) {
      this.book.failed(who, error)
      await sleep(REST_MS)
    } finally {
      await client.end().catch(() => {})
    }
  }

  #wait(ms: number): Promise<unknown> {
    return sleep(ms, undefined, { signal: this.#stop.signal }).catch(() => {})
  }
}

function tenantAt(turn: number): string {
  return TENANT_IDS[turn % TENANT_IDS.length] ?? ''
}
