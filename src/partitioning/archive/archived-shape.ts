import { createHash } from 'node:crypto'

/** One column of an archive. */
export interface ArchivedColumn {
  readonly name: string
  /** As PostgreSQL writes it with an empty search path: `numeric(12,2)`, `public.mood[]`. */
  readonly type: string
  readonly notNull: boolean
  /** Whether the column is computed: it is archived, and compared, and computed again when restored. */
  readonly generated: boolean
}

/** One term of the order in which rows are read. */
export interface OrderTerm {
  readonly column: string
  /** `C`: by its bytes, whatever its collation. `text`: by the bytes of its text, where nothing better is known. */
  readonly by: 'value' | 'C' | 'text'
}

/** What an archive's rows are made of, and how they are ordered. */
export interface ArchivedShape {
  readonly columns: readonly ArchivedColumn[]
  readonly order: readonly OrderTerm[]
}

/** SHA-256 of names and types of the columns, and of the order, in hexadecimal. */
export function hashSchema({ columns, order }: ArchivedShape): string {
  const described = [
    columns.map(({ name, type }) => [name, type]),
    order.map(({ column, by }) => [column, by]),
  ]
  return createHash('sha256').update(JSON.stringify(described)).digest('hex')
}
