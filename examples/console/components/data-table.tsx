import type { ReactNode } from 'react'

/** One column of a table; numbers are set flush right. */
export interface Column<Row> {
  readonly title: string
  readonly isNumber?: boolean
  readonly cell: (row: Row) => ReactNode
}

/** What scrolls has to be within reach of the keyboard: WCAG 2.1.1. */
const REACHABLE = { tabIndex: 0 } as const

/** A table whose first column names the row. Wider than its place, it scrolls, with the keyboard too. */
export function DataTable<Row>({
  label,
  rows,
  columns,
  keyOf,
  empty,
}: {
  readonly label: string
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  readonly keyOf: (row: Row) => string
  readonly empty: string
}) {
  if (rows.length === 0) return <p className="empty">{empty}</p>
  return (
    <section className="scroll" aria-label={label} {...REACHABLE}>
      <table>
        <thead>
          <tr>
            {columns.map(({ title, isNumber }) => (
              <th key={title} scope="col" className={isNumber ? 'number' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ title, isNumber, cell }, at) =>
                at === 0 ? (
                  <th key={title} scope="row">
                    {cell(row)}
                  </th>
                ) : (
                  <td key={title} className={isNumber ? 'number' : undefined}>
                    {cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
