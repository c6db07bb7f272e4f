import { quoteText } from '../../sql/quote.ts'
import type { ProbedColumn } from '../schema/probed-column.ts'
import type { ProbedRelation } from '../schema/probed-relation.ts'

/** The tenant column, where the application may read it. */
export function tenantColumn(relation: ProbedRelation): ProbedColumn | undefined {
  return relation.columns.find(({ name, readable }) => name === relation.tenant && readable)
}

/** A text as a value of a type. */
export function literal(text: string, type: string): string {
  return `${quoteText(text)}::${type}`
}

/** All that follows FROM for the rows that a tenant has in a relation: what else it sees is not its own. */
export function rowsOf(relation: ProbedRelation, tenantId: string): string {
  const column = tenantColumn(relation)
  return column
    ? `${relation.ident} where ${column.ident} = ${literal(tenantId, column.type)}`
    : relation.ident
}
