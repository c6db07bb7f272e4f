import type { LooseTable } from '../catalog/partition-catalog.ts'
import type { Span } from '../check/spans.ts'
import { addMonths, monthStartUs } from '../months/month.ts'
import { monthOfPartitionName } from '../months/partition-name.ts'
import type { TablePlanning } from './table-planning.ts'

/**
 * What a table is that is attached to nothing.
 *
 * - `staged`: was made for a month, and waits to be attached
 * - `settled`: lies where detached partitions lie, and the ledger says so
 * - `stray`: was detached, and lies elsewhere or is not known to the ledger
 * - `foreign`: lies in a schema that is none of the job's, and is left alone
 */
export type LooseRole = 'staged' | 'settled' | 'stray' | 'foreign'

export function looseRole(planning: TablePlanning, loose: LooseTable): LooseRole {
  const { set } = planning
  const row = planning.ledgerRow(loose.oid)
  if (loose.schema === set.partsSchema) return row?.state === 'staged' ? 'staged' : 'stray'
  if (loose.schema !== set.detachedSchema) return 'foreign'
  return row?.state === 'detached' || row?.state === 'archived' ? 'settled' : 'stray'
}

/** The bounds that a table had, by the ledger, or else by its name. */
export function spanOfLoose(planning: TablePlanning, loose: LooseTable): Span | undefined {
  const row = planning.ledgerRow(loose.oid)
  // An oid is given again once the server has counted to the end; what the ledger says of a dropped one is said of another table.
  if (row && row.state !== 'dropped' && (row.lowUs !== undefined || row.highUs !== undefined)) {
    return { lowUs: row.lowUs, highUs: row.highUs }
  }
  const month = monthOfPartitionName(planning.table.name, loose.name)
  if (month === undefined) return undefined
  return { lowUs: monthStartUs(month), highUs: monthStartUs(addMonths(month, 1)) }
}
