import type { AuditRule, Found } from '../../audit-rule.ts'
import { acts, mend } from './foreign-key-across-tenants.ts'
import { FOREIGN_KEYS, type ForeignKey } from './foreign-keys.ts'
import { scopeForeignKey } from './scope-foreign-key.ts'

const ACTIONS = { c: 'CASCADE', n: 'SET NULL', d: 'SET DEFAULT', a: '', r: '' } as const

/**
 * The actions of a foreign key are done without row security. Where it does not compare tenants, one tenant's DELETE or UPDATE reaches
 * rows of another; where it sets the tenant column to NULL, the row is lost to its own tenant.
 *
 * @see https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK
 */
export const cascadeAcrossTenants: AuditRule = {
  id: 'cascade-across-tenants',
  title: "A foreign key's action reaches rows of other tenants",
  severity: 'error',
  find: async (subject) =>
    (await subject.rows<ForeignKey>(FOREIGN_KEYS))
      .filter(acts)
      .map((key) => (key.crosses ? reportCrossing(key) : reportLosing(key))),
}

function describeActions({ onDelete, onUpdate }: ForeignKey): string {
  const parts = [
    ...(ACTIONS[onDelete] ? [`ON DELETE ${ACTIONS[onDelete]}`] : []),
    ...(ACTIONS[onUpdate] ? [`ON UPDATE ${ACTIONS[onUpdate]}`] : []),
  ]
  return parts.join(' and ')
}

function reportCrossing(key: ForeignKey): Found {
  const { object, child, childShared, columns, parent, writable, movable } = key
  const reach = childShared
    ? `rows of ${child}, which all tenants see`
    : `rows of ${child} that belong to other tenants`
  return {
    object,
    severity: writable || movable ? 'error' : 'warning',
    message: `(${columns}) of ${child} refers to ${parent} without comparing tenants, and its ${describeActions(key)} ignores row security: what one tenant does to its row of ${parent} destroys or changes ${reach}.${childShared ? '' : " And a row may refer to another tenant's, which tells that it exists."}`,
    fix: mend(key),
    sql: scopeForeignKey(key),
  }
}

function reportLosing(key: ForeignKey): Found {
  const { object, child, childTenant, settable, onUpdate } = key
  return {
    object,
    severity: 'warning',
    message: `${describeActions(key)} sets ${childTenant} of ${child} to NULL with the rest of the key: the row is lost to its tenant.`,
    fix:
      onUpdate === 'n' || settable === null
        ? 'Choose another action: this one cannot leave the tenant column alone.'
        : `Name the columns to set: on delete set null (${settable})`,
    sql: scopeForeignKey(key),
  }
}
