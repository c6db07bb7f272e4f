import { ConfigError } from '../../errors/config.ts'
import { onPooled } from './find-leaks.ts'
import { isolationMatchers } from './isolation-matchers.ts'
import type { IsolationOptions } from './isolation-options.ts'
import { isolationSubject } from './isolation-subject.ts'
import { listTables } from './tested-table.ts'

/** Which tables are tested. */
export interface MatrixOptions extends IsolationOptions {
  /** Tables that are left out, as `schema.name`, such as those of which the tenants have no rows. */
  readonly except?: readonly string[]
}

/**
 * Defines one test for each relation with the tenant column that the login role can read, partitions and views too, so that a table
 * that is added later is tested by itself. For a test file of Vitest, where the database stands before files are loaded:
 *
 * ```ts
 * await describeIsolation(db, { tenants: [a, b] })
 * ```
 *
 * @param db what `createLeasehold` made, or a `pg.Pool` whose login role is the application's
 * @throws {ConfigError} there is no such table, or `except` names one that there is not
 */
export async function describeIsolation(db: unknown, options: MatrixOptions): Promise<void> {
  const subject = isolationSubject(db, options)
  const tables = await onPooled(subject.pool, (client) => listTables(client, subject.tenantColumn))
  const except = new Set(options.except)
  const tested = tables.map(({ object }) => object).filter((object) => !except.delete(object))
  const [unknown] = except
  if (unknown !== undefined)
    throw new ConfigError(`options.except names ${unknown}, which is no table under test.`)
  if (tested.length === 0) {
    throw new ConfigError(
      `The login role can read no table with the column ${subject.tenantColumn}, so nothing is tested.`,
    )
  }
  // Only a file of tests needs it; everything else of leasehold/testing does without.
  const { describe, it } = await import('vitest')
  describe('tenants are kept apart in', () => {
    for (const object of tested) {
      it(object, async () => {
        const { pass, message } = await isolationMatchers.toIsolate(db, object, options)
        if (!pass) throw new Error(message())
      })
    }
  })
}
