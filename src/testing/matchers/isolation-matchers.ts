import { printable } from '../../rls/report/printable.ts'
import { findLeaks } from './find-leaks.ts'
import type { IsolationOptions } from './isolation-options.ts'
import { isolationSubject } from './isolation-subject.ts'

/** What a matcher answers, to Vitest and to Jest. */
export interface MatcherAnswer {
  readonly pass: boolean
  message(): string
}

/**
 * Matchers for `expect.extend`. `leasehold/testing/vitest` extends Vitest's `expect` with them, types included.
 *
 * - `await expect(db).toIsolate('patients', { tenants: [a, b] })`: as the login role of the pool, reads and writes the table as each
 *   of two tenants, with an empty tenant and with none, and takes all of it back. Fails for a login role that policies do not hold,
 *   for a row of another tenant that is seen, for one that is inserted, moved, updated or deleted, and for a key by which ON CONFLICT
 *   meets such a row or a foreign key refers to it. Throws where nothing
 *   could be shown: no such table, or a tenant without a row. A view is only read.
 */
export const isolationMatchers: {
  toIsolate(db: unknown, table: string, options: IsolationOptions): Promise<MatcherAnswer>
} = {
  async toIsolate(db, table, options) {
    const { object, leaks } = await findLeaks(isolationSubject(db, options), table)
    const shown = printable(object)
    const lines = leaks.map((leak) => `\n- ${printable(leak)}`)
    return {
      pass: leaks.length === 0,
      message: () =>
        leaks.length === 0
          ? `expected ${shown} not to keep its tenants apart, and it does`
          : `expected ${shown} to keep its tenants apart, but:${lines.join('')}`,
    }
  },
}
