import type { ServerError } from '../errors/server-error.ts'
import { isStalePlan, isUnknownName } from './preparation-failure.ts'
import type { WireStatement } from './statement.ts'
import type { StatementNames } from './statement-names.ts'

/** How one statement of a segment is sent. */
export interface StatementOrder {
  readonly statement: WireStatement
  /** `''` is the unnamed statement. */
  readonly name: string
  /** The text to parse, or nothing where the server has it under that name already. */
  readonly parse: string | undefined
}

/** How a segment is sent. */
export interface SegmentOrder {
  readonly statements: readonly StatementOrder[]
  /** Names to be closed before anything is parsed. */
  readonly closeBefore: readonly string[]
  /** Names to be closed before Sync. */
  readonly closeAfter: readonly string[]
}

/** How a segment is sent where nothing is prepared. */
export function orderUnnamed(statements: readonly WireStatement[]): SegmentOrder {
  return { statements: statements.map(unnamed), closeBefore: [], closeAfter: [] }
}

/**
 * The statements that one connection has prepared. Not pg's own table of names: that one takes the first ParseComplete of
 * a query for the caller's statement, which in a batch it is not.
 *
 * A name counts once its ParseComplete has come. Until then a further use is sent without a name, since an error ahead of the
 * Parse would have the server skip it.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 */
export class PreparedStatements {
  readonly #names: StatementNames
  readonly #limit: number
  /** In order of use, the least recent first; false while it is being parsed. */
  readonly #prepared = new Map<string, boolean>()
  /** Names whose Parse the server has skipped, while a pooler in between may have noted them as prepared. */
  readonly #doubtful = new Set<string>()

  /** @param limit statements that are kept prepared */
  constructor(names: StatementNames, limit = 200) {
    this.#names = names
    this.#limit = limit
  }

  /** Decides for each statement whether it goes by name. */
  order(statements: readonly WireStatement[]): SegmentOrder {
    const ordered = statements.map((statement) => this.#orderOne(statement))
    // pgbouncer ends a client that parses a name twice; closing one that the server never had is no error.
    const closeBefore = [...this.#doubtful, ...this.#evict(ordered)]
    this.#doubtful.clear()
    return { statements: ordered, closeBefore, closeAfter: [] }
  }

  /** ParseComplete has come for a name. */
  confirm(name: string): void {
    if (this.#prepared.has(name)) this.#prepared.set(name, true)
  }

  /** The server has skipped the Parse of a name. */
  forget(name: string): void {
    if (this.#prepared.delete(name)) this.#doubtful.add(name)
  }

  /** Draws the conclusion of an error from the server, for the statements to come. */
  learnFrom(error: ServerError, failed: StatementOrder | undefined): void {
    if (!failed?.name) return
    // The names may also still be there: anybody can raise that SQLSTATE. So they are closed before they are used again.
    if (isUnknownName(error)) for (const name of [...this.#prepared.keys()]) this.forget(name)
    if (isStalePlan(error)) this.#names.renew(failed.statement.text)
  }

  #orderOne(statement: WireStatement): StatementOrder {
    const named = statement.reusable ? this.#names.nameOf(statement.text) : undefined
    if (!named) return unnamed(statement)
    const { name, text } = named
    const state = this.#prepared.get(name)
    if (state === false) return unnamed(statement)
    this.#prepared.delete(name)
    this.#prepared.set(name, state ?? false)
    return { statement, name, parse: state ? undefined : text }
  }

  #evict(ordered: readonly StatementOrder[]): string[] {
    if (this.#prepared.size <= this.#limit) return []
    const close: string[] = []
    const used = new Set(ordered.map(({ name }) => name))
    for (const [name, confirmed] of this.#prepared) {
      if (this.#prepared.size - close.length <= this.#limit) break
      if (confirmed && !used.has(name)) close.push(name)
    }
    for (const name of close) this.#prepared.delete(name)
    return close
  }
}

function unnamed(statement: WireStatement): StatementOrder {
  return { statement, name: '', parse: statement.text }
}
