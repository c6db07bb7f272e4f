import type { Dependent } from '../shape/table-shape.ts'
import type { Finding, PreflightRule } from './refusal.ts'

const AGAIN = 'drop it, convert, and create it again in the same deployment'

/**
 * What PostgreSQL binds to a table by its oid would stay with the old one after the swap, and go stale without an error once the
 * next month has begun.
 */
export const boundByOid: PreflightRule = ({ conversion: { object }, shape: { surroundings } }) => [
  ...surroundings.dependents.map((dependent) => ofDependent(object, dependent)),
  ...surroundings.referencedBy.map(({ name, table }) => ({
    reason: 'foreign-key-into',
    message: `The foreign key ${name} of ${table} refers to ${object}. A partitioned table can be referred to only by a key that contains the partition key, and the old key stays with the old table.`,
    fix: `Drop it: ALTER TABLE ${table} DROP CONSTRAINT ${name}; then let a trigger or the application check what it checked.`,
  })),
  ...surroundings.rules.map((name) => ({
    reason: 'rule',
    message: `The rule ${name} on ${object} is bound to the table by its oid and would stay with the old one.`,
    fix: `Replace the rule ${name} by a trigger or drop it, then convert.`,
  })),
]

function ofDependent(object: string, { kind, name }: Dependent): Finding {
  const reasons: Readonly<Record<string, string>> = {
    view: 'view',
    'materialized view': 'materialized-view',
    function: 'function',
    procedure: 'function',
    policy: 'policy-elsewhere',
  }
  const reason = reasons[kind] ?? 'dependent'
  return {
    reason,
    message: `The ${kind} ${name} is bound to ${object} by its oid: it would stay with the old table, and not see rows of the months to come.`,
    fix:
      reason === 'function'
        ? `Give ${name} a body as a string (AS $$ … $$), and no row type of the table as argument or result, or ${AGAIN}.`
        : `For ${name}: ${AGAIN}.`,
  }
}
