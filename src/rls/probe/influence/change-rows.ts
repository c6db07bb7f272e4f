import type { TenantContext } from '../context/probe-context.ts'
import type { ProbedRelation } from '../schema/probed-relation.ts'
import type { ProbeTransaction } from '../session/probe-transaction.ts'
import { literal, rowsOf } from '../sql/from.ts'
import { insertedRow, isRow, whyNoInsert } from '../sql/row-statements.ts'
import { stashRow } from '../sql/stash.ts'
import { found } from '../write/write-subject.ts'

/**
 * Changes one row of a tenant's in each of its tables, as the tenant itself may: by a copy of one, or else by deleting it.
 *
 * @returns how many tables were changed
 */
export async function changeRows(
  transaction: ProbeTransaction,
  relations: readonly ProbedRelation[],
  { statements, tenant }: TenantContext,
): Promise<number> {
  await transaction.settle(...statements)
  let changed = 0
  for (const relation of relations) {
    if (await changeRow(transaction, relation, tenant.id)) changed += 1
  }
  return changed
}

async function changeRow(
  transaction: ProbeTransaction,
  relation: ProbedRelation,
  tenantId: string,
): Promise<boolean> {
  const row = stashRow('changed', relation)
  if (!found(await transaction.keep(row.keep(rowsOf(relation, tenantId))))) return false
  const tenant = relation.columns.find(({ name }) => name === relation.tenant)
  const copy = insertedRow(relation, {
    of: row,
    put: tenant ? { [tenant.name]: literal(tenantId, tenant.type) } : {},
    fresh: true,
  })
  if (copy && relation.canInsert && whyNoInsert(relation) === undefined) {
    const inserted = await transaction.keep(`insert into ${relation.ident} ${copy}`)
    if (inserted.done && inserted.rowCount > 0) return true
  }
  if (!relation.canDelete) return false
  const deleted = await transaction.keep(`delete from ${relation.ident} where ${isRow(relation, row)}`)
  return deleted.done && deleted.rowCount > 0
}
