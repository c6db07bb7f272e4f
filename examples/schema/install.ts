import { readdir, readFile } from 'node:fs/promises'
import type { ClientBase } from 'pg'

/** The months of the audit log are made by `leasehold partitions apply`, and not by hand. */
const BY_THE_JOB = '08-audit-log-partitions.sql'

/**
 * Makes the platform's schema in an empty database: the files of this folder, then those of `platform/`, each in one transaction.
 *
 * There is no month of the audit log yet. Until `leasehold partitions apply` has run no clinical record can be read or written,
 * because neither can be logged.
 *
 * @param admin a superuser's session
 */
export async function installSchema(admin: ClientBase): Promise<void> {
  for (const folder of [import.meta.dirname, `${import.meta.dirname}/platform`]) {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.sql') && name !== BY_THE_JOB)
    for (const name of names.sort()) await admin.query(await readFile(`${folder}/${name}`, 'utf8'))
  }
}

/**
 * Gives operators what they may see of a database: figures of the server, and which clinics there are. The table of those is to be there.
 *
 * @param admin a superuser's session
 */
export async function installOperator(admin: ClientBase): Promise<void> {
  await admin.query(await readFile(`${import.meta.dirname}/platform/04-operator.sql`, 'utf8'))
}
