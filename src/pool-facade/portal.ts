import { EventEmitter } from 'node:events'
import { UnsupportedError } from '../errors/unsupported.ts'
import { Scanner } from '../wire/lexer/scanner.ts'
import type { QueryResult, TypeParsers } from '../wire/pg-internals.ts'
import type { StatementInput } from '../wire/statement.ts'
import type { Submittable } from './submittable.ts'

/** Runs statements in the open transaction of a client, in its turn. */
export type PortalRunner = (statements: readonly StatementInput[]) => Promise<readonly QueryResult<unknown>[]>

/** What a cursor can be declared for. @see https://www.postgresql.org/docs/current/sql-declare.html */
const READS: readonly string[] = ['select', 'with', 'values', 'table']

/** Leaves a value as the server sent it: whoever reads the messages parses it. */
const AS_SENT: TypeParsers = { getTypeParser: () => (value) => value }

let portals = 0

/**
 * The connection that a {@link Submittable} writes its messages to. It turns them into DECLARE, FETCH and CLOSE of a cursor in the open
 * transaction, and hands back the messages that the server would have sent. Rows are fetched when they are asked for and not before,
 * in the portions that are asked for, so that a slow reader holds back the server.
 */
export class Portal extends EventEmitter {
  /** What pg looks up before it parses a text. */
  readonly parsedStatements: object = {}
  readonly submittedNamedStatements: object = {}
  readonly stream: object = {}
  readonly #query: Submittable
  readonly #run: PortalRunner
  readonly #cursor: string
  #text = ''
  #values: readonly unknown[] = []
  #isAsked = false
  #isDeclared = false
  #isDescribed = false
  #failed = false
  #turn: Promise<void> = Promise.resolve()

  constructor(query: Submittable, run: PortalRunner) {
    super()
    portals += 1
    this.#cursor = `leasehold_portal_${portals}`
    this.#query = query
    this.#run = run
  }

  parse({ text }: { readonly text: string }): void {
    this.#text = text
  }

  bind({ values }: { readonly values?: readonly unknown[] | null }): void {
    this.#values = values ?? []
  }

  describe(): void {
    this.#isAsked = true
  }

  /** Asks for the columns, where no rows have been asked for yet. */
  flush(): void {
    if (!this.#isAsked) return
    this.#isAsked = false
    this.#next(() => this.#fetch(0))
  }

  execute({ rows }: { readonly rows?: number | undefined }): void {
    this.#isAsked = false
    this.#next(() => (rows ? this.#fetchRows(rows) : this.#runAll()))
  }

  /** A text without values. */
  query(text: string): void {
    this.#text = text
    this.#next(() => this.#runAll())
    this.sync()
  }

  close(): void {
    this.#next(async () => {
      if (this.#isDeclared) await this.#run([{ text: `close ${this.#cursor}` }])
      this.#isDeclared = false
    })
    // A cursor that failed sends no Sync with its Close, and waits for the answer to one.
    if (this.#failed) this.sync()
  }

  sync(): void {
    this.#turn = this.#turn.then(() => {
      // pg has let go of a query that failed.
      if (!this.#failed) this.#query.handleReadyForQuery(this)
      this.emit('readyForQuery')
    })
  }

  end(): never {
    throw new UnsupportedError('end() of a cursor', 'Close the cursor, and release its client.')
  }

  async #fetchRows(count: number): Promise<void> {
    const rows = await this.#fetch(count)
    for (const fields of rows) this.#query.handleDataRow({ fields })
    if (rows.length === count) this.#query.handlePortalSuspended(this)
    else this.#query.handleCommandComplete({ text: `SELECT ${rows.length}` }, this)
  }

  /** Declares the cursor in the same round trip as the first rows are fetched. */
  async #fetch(count: number): Promise<readonly (readonly unknown[])[]> {
    const fetch = asSent(`fetch ${count} from ${this.#cursor}`)
    const statements = this.#isDeclared ? [fetch] : [this.#declare(), fetch]
    const result = (await this.#run(statements)).at(-1)
    this.#isDeclared = true
    this.#describe(result)
    return (result?.rows ?? []) as (readonly unknown[])[]
  }

  #declare(): StatementInput {
    const scanner = new Scanner(this.#text, 0, false)
    scanner.next()
    if (!scanner.isSymbol('(') && !READS.some((word) => scanner.isWord(word))) {
      throw new UnsupportedError(
        'A cursor or stream of a statement that is no SELECT, VALUES, TABLE or WITH',
        'PostgreSQL declares cursors for reads only: run it as a query.',
      )
    }
    return { text: `declare ${this.#cursor} no scroll cursor for ${this.#text}`, values: this.#values }
  }

  async #runAll(): Promise<void> {
    const [result] = await this.#run([asSent(this.#text, this.#values)])
    if (!result || result.command === null) return this.#query.handleEmptyQuery(this)
    if (result.fields.length > 0) this.#describe(result)
    for (const fields of result.rows as (readonly unknown[])[]) this.#query.handleDataRow({ fields })
    const counts = [result.oid, result.rowCount].filter((count) => count !== null)
    this.#query.handleCommandComplete({ text: [result.command, ...counts].join(' ') }, this)
  }

  #describe(result: QueryResult<unknown> | undefined): void {
    if (this.#isDescribed || !result) return
    this.#isDescribed = true
    this.#query.handleRowDescription({ fields: result.fields })
    this.emit('rowDescription')
  }

  #next(work: () => Promise<unknown>): void {
    this.#turn = this.#turn.then(async () => {
      if (this.#failed) return
      try {
        await work()
      } catch (error) {
        this.#failed = true
        this.#query.handleError(error, this)
      }
    })
  }
}

function asSent(text: string, values: readonly unknown[] = []): StatementInput {
  return { text, values, rowMode: 'array', types: AS_SENT }
}
