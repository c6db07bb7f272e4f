import { type PartitionRule, tableRule } from '../partition-rule.ts'
import { identOf, objectOf, parentOf } from '../relation-name.ts'

/** It is the parent's policies that hold for everybody who goes through the parent, as all do. */
export const parentRowSecurity: PartitionRule = tableRule({
  id: 'parent-row-security',
  invariant: undefined,
  title: 'The partitioned table has row security off, or not forced',
  severity: 'error',
  find: ({ parent, definition }, { set }) => {
    if (!parent || (parent.rowSecurity && parent.forceRowSecurity)) return []
    const table = parentOf(set, definition)
    return [
      {
        object: objectOf(table),
        message: parent.rowSecurity
          ? 'Its row security is not forced: its owner reads the rows of all tenants.'
          : 'Its row security is off: whoever is granted it reads the rows of all tenants.',
        fix: '`leasehold rls rollout` makes it right while it is in use.',
        sql: [
          ...(parent.rowSecurity ? [] : [`alter table ${identOf(table)} enable row level security;`]),
          ...(parent.forceRowSecurity ? [] : [`alter table ${identOf(table)} force row level security;`]),
        ].join('\n'),
      },
    ]
  },
})
