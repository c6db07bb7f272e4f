import type { AuditRule } from '../../audit-rule.ts'
import { describeHarm, unscopedKeys } from './unscoped-keys.ts'

/**
 * Uniqueness is checked without row security: a duplicate of another tenant's value is refused, which tells that it exists, and
 * ON CONFLICT DO NOTHING drops the write without a word.
 *
 * @see https://www.postgresql.org/docs/current/ddl-rowsecurity.html on covert channels by unique constraints
 */
export const uniqueAcrossTenants: AuditRule = {
  id: 'unique-across-tenants',
  title: 'A unique constraint or index holds across tenants',
  severity: 'error',
  find: async (subject) =>
    (await unscopedKeys(subject))
      .filter(({ key: { kind } }) => kind === 'u' || kind === null)
      .map(({ key, sql }) => ({
        object: key.object,
        severity: key.writable ? 'error' : 'warning',
        message: `(${key.columns.join(', ')}) of ${key.table} is unique across tenants, not within each. ${describeHarm(key)}`,
        fix: `Put ${key.tenant} into the key, and into the ON CONFLICT clauses that name it${sql ? '' : ', by hand: something else depends on it'}. On a large table create the new index concurrently first.`,
        sql,
      })),
}
