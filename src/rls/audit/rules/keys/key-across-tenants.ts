import type { AuditRule, Found } from '../../audit-rule.ts'
import type { UnscopedKey } from './tenant-keys.ts'
import { describeHarm, unscopedKeys } from './unscoped-keys.ts'

/**
 * A primary key without the tenant is what foreign keys without the tenant need, and a target for ON CONFLICT however random it is.
 * An exclusion constraint without `WITH =` on the tenant refuses what collides with a row of another tenant.
 *
 * @see https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT
 */
export const keyAcrossTenants: AuditRule = {
  id: 'key-across-tenants',
  title: 'A primary key or exclusion constraint holds across tenants',
  severity: 'error',
  find: async (subject) =>
    (await unscopedKeys(subject))
      .filter(({ key: { kind } }) => kind === 'p' || kind === 'x')
      .map(({ key, sql }) => (key.kind === 'p' ? reportPrimary(key, sql) : reportExclusion(key, sql))),
}

function reportPrimary(key: UnscopedKey, sql: string | undefined): Found {
  const { object, columns, table, tenant, writable } = key
  return {
    object,
    severity: writable ? 'error' : 'warning',
    message: `The primary key of ${table} is (${columns.join(', ')}), without ${tenant}. ${describeHarm(key)}`,
    fix: `Make it (${tenant}, ${columns.join(', ')}), also in foreign keys and ON CONFLICT clauses that name it${sql ? '' : '; what depends on it has to be mended first'}. On a large table create the new index concurrently first.`,
    sql,
  }
}

function reportExclusion(key: UnscopedKey, sql: string | undefined): Found {
  const { object, table, tenant, writable, comparesTenants, method } = key
  const extension = comparesTenants
    ? ''
    : ` An extension has to teach ${method} the tenant's type: create extension btree_gist`
  return {
    object,
    severity: writable ? 'error' : 'warning',
    message:
      `The exclusion constraint of ${table} does not compare ${tenant} WITH =, so rows of different tenants collide. ` +
      `${writable ? 'Whoever' : 'The application cannot write it today; whoever can'} inserts a row learns what other tenants have, and takes it from them.`,
    fix: `Add ${tenant} WITH = to the constraint.${extension}`,
    sql,
  }
}
