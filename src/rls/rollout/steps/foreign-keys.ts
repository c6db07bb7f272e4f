import { constraintExists } from '../../policy/constraint-exists.ts'
import { type ForeignKeyChange, foreignKeyDefinition } from '../../policy/foreign-key-changes.ts'
import { guarded } from '../../policy/guarded.ts'
import { lockTables } from '../../policy/lock-tables.ts'
import { nameIdent } from '../../policy/name-ident.ts'
import { policyStatement } from '../../policy/policy-statement.ts'
import type { WithPartitions } from '../../policy/statements/foreign-keys.ts'
import { briefStep, longStep, type RolloutStep } from '../rollout-step.ts'

/** A foreign key with the tenant, first for what is written from here on, then for what is there. */
export function addForeignKeySteps(
  change: ForeignKeyChange,
  withPartitions: WithPartitions,
): readonly RolloutStep[] {
  const { table, references, name, tenant, twin } = change
  if (twin?.valid) return []
  const ident = nameIdent(name)
  const object = table.object
  const add = `alter table ${table.ident} add constraint ${ident}\n      ${foreignKeyDefinition(change)} not valid;`
  const begin = policyStatement(
    {
      object,
      purpose: `From here on, a row refers to rows of its own ${tenant.name} only.`,
      locks: lockTables('SHARE ROW EXCLUSIVE', ...withPartitions(table), ...withPartitions(references)),
    },
    guarded(`not ${constraintExists(table, name)}`, add),
  )
  const validate = policyStatement(
    {
      object,
      purpose: `The rows that are there refer to rows of their own ${tenant.name} too.`,
      locks: [
        ...lockTables('ROW SHARE', ...withPartitions(references)).filter((lock) => lock.table !== object),
        ...lockTables('SHARE UPDATE EXCLUSIVE', ...withPartitions(table)),
      ],
    },
    `alter table ${table.ident} validate constraint ${ident};`,
  )
  return [...(twin ? [] : briefStep('prepare', [begin])), longStep('prepare', validate)]
}
