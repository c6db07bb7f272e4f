import type { TestedTable } from './tested-table.ts'

/** A statement with its values. */
interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

/** Something that a tenant must not do to another. */
interface Write {
  /** Fits between "can" and whom it is done to. */
  readonly what: string
  /** Names no row, so that no policy for reading narrows it, and nothing but that for writing holds. */
  readonly broad: Statement
  /** Names none but the rows of the other tenant. */
  readonly narrow?: Statement
}

/**
 * The statements with which a tenant would reach another in a table, as far as the privileges of the login role go.
 *
 * @param sample a row of the tenant's own, as JSON; it is the values of this one that are written
 * @param other the other tenant
 */
export function writesTo(table: TestedTable, sample: string, other: string): readonly Write[] {
  const { ident, tenant, tenantType, columns } = table
  const tenantColumn = columns.find((column) => column.ident === tenant)
  const mine = JSON.parse(sample) as Record<string, unknown>
  const theirs = JSON.stringify({ ...mine, ...(tenantColumn ? { [tenantColumn.name]: other } : {}) })
  const writes: Write[] = []
  if (tenantColumn?.inserts) {
    const names = columns
      .filter((column) => column.inserts && (column.reads || column === tenantColumn))
      .map((column) => column.ident)
      .join(', ')
    const text = `insert into ${ident} (${names})
      select ${names} from pg_catalog.jsonb_populate_record(null::${ident}, $1::jsonb)`
    writes.push({ what: 'insert a row for', broad: { text, values: [theirs] } })
  }
  if (tenantColumn?.updates) {
    const text = `update ${ident} set ${tenant} = $1::${tenantType}`
    writes.push({ what: 'move rows to', broad: { text, values: [other] } })
  }
  const others = columns.filter((column) => column.updates && column.reads && column !== tenantColumn)
  const plain = others.find((column) => !column.isUnique) ?? others[0]
  if (plain) {
    writes.push({
      what: 'update rows of',
      broad: {
        text: `update ${ident} set ${plain.ident} =
          (select ${plain.ident} from pg_catalog.jsonb_populate_record(null::${ident}, $1::jsonb))`,
        values: [sample],
      },
      narrow: {
        text: `update ${ident} set ${plain.ident} = ${plain.ident} where ${tenant} = $1::${tenantType}`,
        values: [other],
      },
    })
  }
  writes.push({
    what: 'delete rows of',
    broad: { text: `delete from ${ident}`, values: [] },
    narrow: { text: `delete from ${ident} where ${tenant} = $1::${tenantType}`, values: [other] },
  })
  return writes
}
