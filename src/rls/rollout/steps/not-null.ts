import type { TenantTable } from '../../policy/choose-tables.ts'
import { constraintExists } from '../../policy/constraint-exists.ts'
import { guarded } from '../../policy/guarded.ts'
import { lockTables } from '../../policy/lock-tables.ts'
import { nameIdent } from '../../policy/name-ident.ts'
import { policyStatement } from '../../policy/policy-statement.ts'
import { notNullCheck } from '../../policy/statements/tenant-column.ts'
import { briefStep, longStep, type RolloutStep } from '../rollout-step.ts'

/**
 * SET NOT NULL reads the whole table while nobody else may, unless a CHECK that has been validated says the same.
 *
 * @see https://www.postgresql.org/docs/current/sql-altertable.html
 */
export function notNullSteps({ table, tenant, partitions }: TenantTable): readonly RolloutStep[] {
  const name = notNullCheck(table, tenant)
  const check = table.checks.find((candidate) => candidate.name === name)
  if (tenant.notNull && !check) return []
  const ident = nameIdent(name)
  const object = table.object
  const exclusive = lockTables('ACCESS EXCLUSIVE', table, ...partitions)
  const add = `alter table ${table.ident} add constraint ${ident} check (${tenant.ident} is not null) not valid;`
  const begin = policyStatement(
    { object, purpose: 'From here on, a row without a tenant is refused.', locks: exclusive },
    guarded(`not ${constraintExists(table, name)}`, add),
  )
  const validate = policyStatement(
    {
      object,
      purpose: 'The rows that are there have a tenant too.',
      locks: lockTables('SHARE UPDATE EXCLUSIVE', table, ...partitions),
    },
    `alter table ${table.ident} validate constraint ${ident};`,
  )
  const end = policyStatement(
    {
      object,
      purpose: 'Every row belongs to a tenant. As the check has shown it, nothing is read.',
      locks: exclusive,
    },
    `alter table ${table.ident} alter column ${tenant.ident} set not null;`,
    `alter table ${table.ident} drop constraint if exists ${ident};`,
  )
  return [
    ...(check || tenant.notNull ? [] : briefStep('prepare', [begin])),
    ...(check?.valid || tenant.notNull ? [] : [longStep('prepare', validate)]),
    ...briefStep('prepare', [end]),
  ]
}
