import type { CatalogClient } from '../../../rls/catalog/catalog-client.ts'
import { quoteName } from '../../../rls/sql/quote.ts'
import { type Month, monthText } from '../../months/month.ts'
import { monthValue } from '../../months/month-bound.ts'
import type { Conversion } from '../conversion.ts'
import type { Finding } from './refusal.ts'
import { someRow } from './some-row.ts'

/**
 * Looks for rows that do not lie before the bound. Where forced row security hides rows from the one who asks, the validation of the
 * CHECK finds them instead: it is not subject to policies.
 */
export async function rowsBeyond(
  client: CatalogClient,
  { ident, object, table }: Conversion,
  month: Month,
): Promise<readonly Finding[]> {
  const beyond = `${quoteName(table.key)} >= ${monthValue(month, table.keyType)}`
  if (!(await someRow(client, `${ident} where ${beyond}`))) return []
  return [
    {
      reason: 'rows-beyond-next-month',
      message: `${object} has rows whose ${table.key} lies in ${monthText(month)} or later; its first partition ends there.`,
      fix: `Correct or move the rows that lie in the future: SELECT … FROM ${object} WHERE ${beyond}.`,
    },
  ]
}
