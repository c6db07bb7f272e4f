import type { Socket } from 'node:net'
import pg, { type ClientConfig } from 'pg'
import type { PgPool } from '../../pool/pg-pool.ts'
import type { ProbeReport } from './probe-report.ts'
import { PROBE, readProbe } from './probe-statement.ts'
import { ProbeLateError, unlessLate } from './unless-late.ts'

const TEXTS = { getTypeParser: () => String }

type ProbeClient = pg.Client & { readonly processID: number }

/** A question that was sent. */
interface Question {
  readonly client: ProbeClient
  readonly answer: Promise<ProbeReport>
  readonly askedAtMs: number
}

/** A pooler took a probe in, and has not had it answered yet: it may have no server connection for it. Tells nothing of the server. */
export class ProbeQueuedError extends Error {
  readonly code = 'QUEUED'

  constructor() {
    super('The probe waits in the pooler.')
  }
}

/**
 * Asks a server how it stands, on a connection of its own: a pool of which every connection is busy is no server that is down.
 * It asks by a query, for a pooler lets one log in though the server behind it is gone.
 */
export class Prober {
  readonly #config: ClientConfig
  readonly #timeoutMs: number
  readonly #queueMs: number
  #client: ProbeClient | undefined
  #running: Promise<ProbeReport> | undefined
  #question: Question | undefined
  /** Whether the last answer came through a pooler. */
  #isPooled = false
  #closed = false

  /**
   * @param pool says where the server is, and as whom one logs in
   * @param timeoutMs of one probe, connecting included
   * @param queueMs for how long silence behind a pooler may mean that the pooler has no server connection for the probe; then the
   *   answer may be as old as the pause between two probes
   */
  constructor(pool: PgPool, timeoutMs: number, queueMs = 0) {
    // Not a copy: pg-pool keeps the password where a copy would not find it.
    this.#config = (pool.options ?? {}) as ClientConfig
    this.#timeoutMs = timeoutMs
    this.#queueMs = queueMs
  }

  /**
   * Asks, or waits for the answer that somebody waits for already.
   *
   * @throws {ProbeQueuedError} with the question still open; what went wrong, with the connection ended
   */
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
      if (error instanceof ProbeLateError && this.#mayBeQueued()) throw new ProbeQueuedError()
      // Who was waited for in vain is not waited for so long again, before it has answered.
      if (error instanceof ProbeLateError) this.#isPooled = false
      this.#drop()
      throw error
    }
  }

  async #exchange(): Promise<ProbeReport> {
    this.#question ??= await this.#send()
    const question = this.#question
    const report = await question.answer
    if (this.#question === question) this.#question = undefined
    this.#isPooled = report.backendPid !== question.client.processID
    return report
  }

  async #send(): Promise<Question> {
    const client = this.#client ?? (await this.#connect())
    return { client, answer: query(client), askedAtMs: performance.now() }
  }

  #mayBeQueued(): boolean {
    const question = this.#question
    return this.#isPooled && question !== undefined && performance.now() - question.askedAtMs < this.#queueMs
  }

  async #connect(): Promise<ProbeClient> {
    const client = new pg.Client(this.#config) as ProbeClient
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
    this.#question = undefined
    // Not end(), which waits for an answer that may never come.
    client?.connection.stream.destroy()
  }
}

async function query(client: ProbeClient): Promise<ProbeReport> {
  const { rows } = await client.query({ text: PROBE, rowMode: 'array', types: TEXTS })
  return readProbe(rows[0] ?? [])
}
