import type { Socket } from 'node:net'
import pg, { type ClientConfig } from 'pg'
import type { PgPool } from '../../pool/pg-pool.ts'
import type { ProbeReport } from './probe-report.ts'
import { PROBE, readProbe } from './probe-statement.ts'
import { unlessLate } from './unless-late.ts'

const TEXTS = { getTypeParser: () => String }

/**
 * Asks a server how it stands, on a connection of its own: a pool of which every connection is busy is no server that is down.
 * It asks by a query, for a pooler lets one log in though the server behind it is gone.
 */
export class Prober {
  readonly #config: ClientConfig
  readonly #timeoutMs: number
  #client: pg.Client | undefined
  #running: Promise<ProbeReport> | undefined
  #closed = false

  /**
   * @param pool says where the server is, and as whom one logs in
   * @param timeoutMs of one probe, connecting included
   */
  constructor(pool: PgPool, timeoutMs: number) {
    // Not a copy: pg-pool keeps the password where a copy would not find it.
    this.#config = (pool.options ?? {}) as ClientConfig
    this.#timeoutMs = timeoutMs
  }

  /** Asks, or waits for the answer that somebody waits for already. @throws what went wrong, with the connection ended */
  probe(): Promise<ProbeReport> {
    this.#running ??= this.#ask().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** Ends the connection. */
  close(): void {
    this.#closed = true
    this.#drop()
  }

  async #ask(): Promise<ProbeReport> {
    if (this.#closed) throw new Error('The prober is closed.')
    try {
      return await unlessLate(this.#timeoutMs, () => this.#exchange())
    } catch (error) {
      this.#drop()
      throw error
    }
  }

  async #exchange(): Promise<ProbeReport> {
    const client = this.#client ?? (await this.#connect())
    const { rows } = await client.query({ text: PROBE, rowMode: 'array', types: TEXTS })
    return readProbe(rows[0] ?? [])
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client(this.#config)
    this.#client = client
    // An idle connection that is lost: the next probe makes another. Without a listener the event would end the process.
    client.on('error', () => {
      if (this.#client === client) this.#client = undefined
    })
    await client.connect()
    // The process may end while it is open.
    ;(client.connection.stream as Socket).unref()
    return client
  }

  #drop(): void {
    const client = this.#client
    this.#client = undefined
    // Not end(), which waits for an answer that may never come.
    client?.connection.stream.destroy()
  }
}
