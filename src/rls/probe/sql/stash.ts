import { quoteText } from '../../sql/quote.ts'
import type { ProbedRelation } from '../schema/probed-relation.ts'

/** Names of settings in which rows are kept, and a text that is no divisor. */
const PREFIX = 'leasehold_probe'

/**
 * SQL that keeps a list.
 *
 * @param list a query for an array
 */
export function keepList(name: string, list: string): string {
  return `select pg_catalog.set_config(${quoteText(`${PREFIX}.${name}`)}, coalesce((${list})::text, '{}'), true)`
}

/** SQL for what a setting of the probe holds. */
export function stashed(name: string): string {
  return `pg_catalog.current_setting(${quoteText(`${PREFIX}.${name}`)})`
}

/**
 * A row that is kept on the server, in a setting, until the transaction ends: so values of rows reach neither the program nor the
 * text of a statement. Each is written as its type's text, which reads back as the same value.
 */
export class Stash {
  readonly #name: string
  readonly #cells: readonly string[]

  /**
   * @param name one word
   * @param cells what is kept: expressions over the table that the row is from
   */
  constructor(name: string, cells: readonly string[]) {
    this.#name = name
    this.#cells = cells
  }

  /**
   * SQL that keeps the first row, and whose one column `found` tells whether there was one.
   *
   * @param from all that follows FROM
   */
  keep(from: string): string {
    const name = quoteText(`${PREFIX}.${this.#name}`)
    return `select pg_catalog.set_config(${name}, (select ${this.#row()}::text from ${from} limit 1), true) <> '' as found`
  }

  /** A condition that the kept row fulfils, and rows that are the same in every column. */
  matches(): string {
    return `${this.#row()} = ${stashed(this.#name)}::text[]`
  }

  #row(): string {
    return `array[${this.#cells.map((cell) => `(${cell})::text`).join(', ')}]`
  }

  /** SQL for a value of the kept row, as the type that it had, or `undefined` where it is not kept. */
  cell(cell: string, type: string): string | undefined {
    const index = this.#cells.indexOf(cell)
    return index < 0 ? undefined : `((${stashed(this.#name)})::text[])[${index + 1}]::${type}`
  }
}

/** Keeps all that the application can read of a row, and where the row lies. */
export function stashRow(name: string, { columns, addressed }: ProbedRelation): Stash {
  const readable = columns.filter((column) => column.readable).map(({ ident }) => ident)
  return new Stash(name, addressed ? [...readable, 'tableoid', 'ctid'] : readable)
}
