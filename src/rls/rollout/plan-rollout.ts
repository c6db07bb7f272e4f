import { partitionsOf } from '../policy/choose-tables.ts'
import type { TableDescription } from '../policy/describe/schema-description.ts'
import type { PolicyPlan } from '../policy/policy-plan.ts'
import { SchemaRefusedError } from '../policy/schema-refused-error.ts'
import { internalTable, sharedTable } from '../policy/statements/declared-tables.ts'
import { dropForeignKey } from '../policy/statements/foreign-keys.ts'
import { surroundings } from '../policy/statements/surroundings.ts'
import { tenantDefault } from '../policy/statements/tenant-column.ts'
import { rolloutProblems } from './rollout-problems.ts'
import { briefStep, type RolloutStep } from './rollout-step.ts'
import { addForeignKeySteps } from './steps/foreign-keys.ts'
import { keySteps } from './steps/keys.ts'
import { notNullSteps } from './steps/not-null.ts'
import { canObserve, observationStep, observeSteps } from './steps/observe.ts'
import { tenantIndexSteps } from './steps/tenant-index.ts'
import { policySteps, wallSteps } from './steps/wall.ts'

/** What is planned beside what must be. */
export interface RolloutPlanOptions {
  /** Whether to look for statements without a tenant before the policies hold. @default false */
  readonly observe?: boolean
}

/**
 * The steps that make a schema right while it is in use. They end in the same state as the statements of the generator. What
 * an earlier run has done, or has left half done, is taken into account.
 *
 * @throws {SchemaRefusedError} when something cannot be done beside readers and writers
 */
export function planRollout(
  plan: PolicyPlan,
  { observe = false }: RolloutPlanOptions = {},
): readonly RolloutStep[] {
  const { schema, options, chosen, keys, foreignKeys, names } = plan
  const problems = rolloutProblems(plan)
  if (problems.length > 0) throw new SchemaRefusedError(problems)
  const appRole = schema.role.ident
  const withPartitions = (table: TableDescription) => [table, ...partitionsOf(schema, table)]
  const observed = observe ? chosen.tenants.filter(canObserve) : []
  const replaced = keys.map((change) => keySteps(change, partitionsOf(schema, change.table), names))
  return [
    // The default comes before what refuses a row without a tenant, and the application's own value before neither.
    ...chosen.tenants.flatMap((target) => briefStep('prepare', tenantDefault(target, options.tenantSetting))),
    ...chosen.tenants.flatMap(notNullSteps),
    ...replaced.flatMap(({ prepare }) => prepare),
    ...foreignKeys.flatMap((change) => addForeignKeySteps(change, withPartitions)),
    ...chosen.tenants.flatMap((target) => tenantIndexSteps(target, keys, names)),
    ...chosen.tenants.flatMap((target) =>
      observed.includes(target) ? [] : policySteps(target, options, appRole),
    ),
    ...observed.flatMap((target) => observeSteps(target, options, appRole)),
    ...(observed.length > 0 ? [observationStep(schema.database.name)] : []),
    ...chosen.tenants.flatMap((target) => wallSteps(target, options, appRole, observed.includes(target))),
    ...foreignKeys.flatMap((change) => briefStep('finish', [dropForeignKey(change, withPartitions)])),
    ...replaced.flatMap(({ finish }) => finish),
    ...chosen.shared.flatMap((table) => briefStep('finish', sharedTable(table, appRole))),
    ...chosen.internal.flatMap((table) => briefStep('finish', internalTable(table))),
    ...surroundings(schema, chosen).flatMap((statement) => briefStep('finish', [statement])),
  ]
}
