import type { TenantTable } from '../../policy/choose-tables.ts'
import { lockTables } from '../../policy/lock-tables.ts'
import type { PolicyOptions } from '../../policy/policy-options.ts'
import { type PolicyStatement, policyStatement } from '../../policy/policy-statement.ts'
import { replacedPolicies } from '../../policy/statements/policies.ts'
import { rowSecurity } from '../../policy/statements/row-security.ts'
import { quoteText } from '../../sql/quote.ts'
import { briefStep, type RolloutStep } from '../rollout-step.ts'

/** Where statements without a tenant are told of. */
export const OBSERVE_CHANNEL = 'leasehold_rollout_observe'
const POLICY = 'leasehold_observe'

/** Whether a table's row security is off, or on and still hides nothing. */
export function canObserve({ table }: TenantTable): boolean {
  return !table.rowSecurity || table.policies.some(({ name }) => name === POLICY)
}

/** Turns row security on with a policy that lets everything through, and tells of each statement that has no tenant. */
export function observeSteps(
  target: TenantTable,
  options: PolicyOptions,
  appRole: string,
): readonly RolloutStep[] {
  const { table } = target
  if (table.rowSecurity) return []
  const policy = policyStatement(
    {
      object: table.object,
      purpose: 'Row security is on and hides nothing; of statements without a tenant the operator is told.',
      locks: lockTables('ACCESS EXCLUSIVE', table),
    },
    `drop policy if exists ${POLICY} on ${table.ident};`,
    `create policy ${POLICY} on ${table.ident} to public using (${tellTale(table.object, options.tenantSetting)});`,
  )
  const enable = rowSecurity(table).filter(({ sql }) => sql.includes(' enable row level security'))
  return briefStep('observe', [policy, ...replacedPolicies(target, options, appRole), ...enable])
}

/** Takes the policy away, once the ones that are to stay are there. */
export function endObserving({ table }: TenantTable): PolicyStatement {
  return policyStatement(
    {
      object: table.object,
      purpose: 'Row security hides what is not the tenant’s.',
      locks: lockTables('ACCESS EXCLUSIVE', table),
    },
    `drop policy if exists ${POLICY} on ${table.ident};`,
  )
}

/** The time between. */
export function observationStep(object: string): RolloutStep {
  const purpose = 'Statements that have no tenant are looked for, in the application at work.'
  return { phase: 'observe', object, purpose, kind: 'pause', parts: [], locks: [] }
}

/**
 * True for every row, and looked at once for a statement. Only one session at a time tells, so that those who commit never queue
 * for the list of notifications, which is one for the whole server. A standby can tell nobody.
 *
 * @see https://www.postgresql.org/docs/current/sql-notify.html
 */
function tellTale(object: string, setting: string): string {
  const message = `json_build_object('table', ${quoteText(object)}, 'user', session_user, 'application', current_setting('application_name'), 'address', inet_client_addr())::text`
  return `(select case
    when nullif(current_setting(${quoteText(setting)}, true), '') is not null or pg_is_in_recovery() then true
    when pg_try_advisory_xact_lock(hashtextextended(${quoteText(OBSERVE_CHANNEL)}, 0)) then pg_notify(${quoteText(OBSERVE_CHANNEL)}, ${message})::text is not null
    else true end)`
}
