import { readdir, readFile } from 'node:fs/promises'
import { installOperator } from '@clinic/schema/seed'
import { receiptTableSql } from 'leasehold'
import type { ClientBase } from 'pg'

/**
 * Makes the schema in an empty database of a server of its own. The months of events are made by `leasehold partitions apply`: until
 * it has run no event can be stored.
 *
 * @param admin a superuser's session
 */
export async function installTelemetrySchema(admin: ClientBase): Promise<void> {
  const names = (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.sql'))
  for (const name of names.sort()) await admin.query(await readFile(`${import.meta.dirname}/${name}`, 'utf8'))
  // A batch that is sent again is stored once, by the receipt that it leaves.
  await admin.query(receiptTableSql({ role: 'telemetry_app' }))
  await installOperator(admin)
}
