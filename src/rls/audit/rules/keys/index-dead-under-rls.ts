import { type AuditRule, catalogRule } from '../../audit-rule.ts'
import { DEAD_INDEXES, type DeadIndex } from './dead-indexes.ts'

/** A condition that is not leakproof has to wait for the policy, and so can never find rows by an index. */
export const indexDeadUnderRls: AuditRule = catalogRule<DeadIndex>({
  id: 'index-dead-under-rls',
  title: 'An index cannot be used under row security',
  severity: 'warning',
  query: DEAD_INDEXES,
  report: (index) => ({
    object: index.object,
    message: `${describe(index)} Under row security such a condition runs after the policy and finds no rows by this index of ${index.table}.${
      index.leakproof.length > 0 ? ` Only ${index.leakproof.join(', ')} can use it.` : ''
    }`,
    fix: advise(index),
  }),
})

function describe({ columns, leaky, byExpression }: DeadIndex): string {
  const [what, is] = byExpression ? ['The expression', 'calls'] : ['Conditions on', 'use']
  return `${what} ${columns} ${is} ${leaky.join(', ')}, which ${leaky.length === 1 ? 'is' : 'are'} not leakproof.`
}

function advise(index: DeadIndex): string {
  const { table, tenant, method, definition, columns, endsWithTenant, narrowed } = index
  const ordered = method === 'btree' || method === 'hash'
  const whole = method === 'btree' && !endsWithTenant ? definition : `${columns})`
  const found = 'finds the rows of the tenant for the condition to filter'
  return [
    ordered
      ? `create index on ${table} (${tenant}, ${whole}, which ${found}.`
      : narrowed
        ? `The index that begins with ${tenant} ${found}.`
        : `create index on ${table} (${tenant}), which ${found}.`,
    `Then drop index ${index.index}, unless roles that row security does not hold use it.`,
    ...(method === 'btree' && definition.includes('_pattern_ops')
      ? [
          'A prefix can use the new index when it is written with leakproof operators instead of LIKE, as ~>=~ and ~<~.',
        ]
      : []),
    ...withTenant(index),
    'Do not declare a function LEAKPROOF or wrap it in one that is: its errors would show the values of other tenants.',
  ].join(' ')
}

/** One index of the same kind over both, which serves roles that row security does not hold as well. */
function withTenant({ method, tenant, columns, holdsTenant }: DeadIndex): readonly string[] {
  if (method !== 'gin' && method !== 'gist') return []
  const extension = holdsTenant ? '' : `, which needs the extension btree_${method},`
  return [
    `Where they do, using ${method} (${tenant}, ${columns})${extension} serves both; under row security only ${tenant} of it is used.`,
  ]
}
