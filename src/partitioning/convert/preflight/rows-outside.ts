import type { CatalogClient } from '../../../rls/catalog/catalog-client.ts'
import { type Conversion, qualify } from '../conversion.ts'
import type { TableShape } from '../shape/table-shape.ts'
import type { Finding } from './refusal.ts'
import { someRow } from './some-row.ts'

/**
 * Finds partitions other than the old table that hold rows, as far as the one who asks may see them; the swap back looks again, under
 * its lock.
 */
export async function rowsOutside(
  client: CatalogClient,
  { object }: Conversion,
  shape: TableShape,
  legacyOid: number,
): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const { schema, name, oid } of shape.leaves) {
    if (oid === legacyOid || !(await someRow(client, qualify(schema, name)))) continue
    findings.push({
      reason: 'rows-outside',
      message: `The partition ${schema}.${name} of ${object} holds rows, which the old table would lack.`,
      fix: 'A conversion can be taken back only until the first row lies outside of the old table. Keep the partitioned table.',
    })
  }
  return findings
}
