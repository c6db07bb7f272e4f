import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import type { TextRow } from '../archive/canonical-row.ts'

const CHUNK_CHARACTERS = 256 * 1024
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** The part of pg's `Connection` that COPY takes. */
interface CopyConnection {
  readonly stream: Duplex
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
  sendCopyFail(message: string): void
}

/** A `pg.Client`, of the JavaScript driver, which takes queries that drive the connection themselves. */
export interface CopyClient {
  query(query: CopyIn): unknown
}

/** Sends rows as they are, each value as PostgreSQL's own text, by COPY. Rejects with the server's error, whose text may hold a value. */
export function copyRowsIn(
  client: CopyClient,
  statement: string,
  rows: AsyncIterable<readonly TextRow[]>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new CopyIn(statement, rows, (error) => (error ? reject(error) : resolve())))
  })
}

/**
 * What pg's client calls while the statement is its active query.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-COPY
 */
class CopyIn {
  callback: (error?: unknown) => void
  readonly #statement: string
  readonly #rows: AsyncIterable<readonly TextRow[]>
  /** What the rows' own source failed of. */
  #sourceError: unknown
  #ended = false

  constructor(
    statement: string,
    rows: AsyncIterable<readonly TextRow[]>,
    callback: (error?: unknown) => void,
  ) {
    this.#statement = statement
    this.#rows = rows
    this.callback = callback
  }

  submit(connection: CopyConnection): null {
    connection.query(this.#statement)
    return null
  }

  handleCopyInResponse(connection: CopyConnection): void {
    this.#send(connection).catch((error: unknown) => {
      this.#sourceError = error
      // The server answers with an error of its own, which ends the statement.
      if (!this.#ended) connection.sendCopyFail('the rows could not be read')
    })
  }

  handleError(error: unknown): void {
    this.#ended = true
    this.callback(this.#sourceError ?? error)
    this.callback = () => {}
  }

  handleReadyForQuery(): void {
    this.#ended = true
    this.callback()
  }

  handleCommandComplete(): void {}

  async #send(connection: CopyConnection): Promise<void> {
    let chunk = ''
    const flush = async () => {
      connection.sendCopyFromChunk(Buffer.from(chunk))
      chunk = ''
      const { stream } = connection
      // A lost connection ends the statement by handleError; until then nothing more is to be sent.
      if (stream.writableNeedDrain) await Promise.race([once(stream, 'drain'), once(stream, 'close')])
    }
    for await (const batch of this.#rows) {
      for (const row of batch) {
        chunk += `${row.map(copyText).join('\t')}\n`
        if (chunk.length >= CHUNK_CHARACTERS) await flush()
      }
      if (this.#ended) return
    }
    await flush()
    if (!this.#ended) connection.endCopyFrom()
  }
}

function copyText(value: string | null): string {
  return value === null ? '\\N' : value.replaceAll(/[\\\n\r\t]/g, (char) => ESCAPES[char] ?? char)
}
