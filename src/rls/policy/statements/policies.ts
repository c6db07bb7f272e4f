import { quoteText } from '../../sql/quote.ts'
import type { TenantTable } from '../choose-tables.ts'
import { fitName } from '../derived-name.ts'
import type { PolicyDescription, TableDescription } from '../describe/schema-description.ts'
import { guarded } from '../guarded.ts'
import { lockTables } from '../lock-tables.ts'
import { nameIdent } from '../name-ident.ts'
import type { PolicyOptions } from '../policy-options.ts'
import { type PolicyStatement, policyStatement } from '../policy-statement.ts'
import { equalsSetting, type StoredExpression } from '../setting-value.ts'

/** A policy as it should be. */
interface Wanted {
  readonly name: string
  readonly permissive: boolean
  /** Quoted, or `public`. */
  readonly role: string
  readonly using: StoredExpression
  readonly purpose: string
}

/** The policies that a table lacks, or has otherwise. */
export function policies(
  target: TenantTable,
  options: PolicyOptions,
  appRole: string,
): readonly PolicyStatement[] {
  const { table } = target
  return wantedPolicies(target, options, appRole)
    .filter((wanted) => !table.policies.some((policy) => isAs(policy, wanted)))
    .map((wanted) => createPolicy(table, wanted))
}

/** Policies that would let the application see nothing more than it does, or more than it should. */
export function replacedPolicies(
  target: TenantTable,
  options: PolicyOptions,
  appRole: string,
): readonly PolicyStatement[] {
  const { table } = target
  const kept = [
    ...wantedPolicies(target, options, appRole).map(({ name }) => name),
    ...(options.keepPolicies ?? []),
  ]
  return table.policies
    .filter(({ name, permissive, onlyApp }) => permissive && onlyApp && !kept.includes(name))
    .map(({ name, ident }) =>
      dropPolicy(table, ident, `The policy "tenant" takes the place of ${JSON.stringify(name)}.`),
    )
}

/** On a partition a policy would open what is to be reached through its parent only. */
export function droppedPolicies(partition: TableDescription): readonly PolicyStatement[] {
  return partition.policies.map(({ ident }) =>
    dropPolicy(partition, ident, 'Without policies a partition shows no rows by its own name.'),
  )
}

/** Whether a policy is already as it should be; without WITH CHECK, USING holds for what is written as well. */
function isAs(policy: PolicyDescription, { name, permissive, role, using }: Wanted): boolean {
  return (
    policy.name === name &&
    policy.permissive === permissive &&
    policy.command === '*' &&
    policy.roles.length === 1 &&
    policy.roles[0] === role &&
    policy.using === using.printed &&
    (policy.check === null || policy.check === using.printed)
  )
}

function dropPolicy(table: TableDescription, ident: string, purpose: string): PolicyStatement {
  const locks = lockTables('ACCESS EXCLUSIVE', table)
  return policyStatement(
    { object: table.object, purpose, locks },
    `drop policy if exists ${ident} on ${table.ident};`,
  )
}

function createPolicy(
  table: TableDescription,
  { name, permissive, role, using, purpose }: Wanted,
): PolicyStatement {
  const kind = permissive ? '' : 'as restrictive '
  const ident = nameIdent(name)
  const create = `create policy ${ident} on ${table.ident} ${kind}to ${role}\n  using (${using.sql});`
  const isOther = table.policies.some((policy) => policy.name === name)
  return policyStatement(
    { object: table.object, purpose, locks: lockTables('ACCESS EXCLUSIVE', table) },
    ...(isOther
      ? [`drop policy if exists ${ident} on ${table.ident};`, create]
      : [guarded(`not ${policyExists(table, name, using)}`, create)]),
  )
}

/** One of the name that says something else is no such policy, so that it is not taken for the one that is wanted. */
function policyExists(table: TableDescription, name: string, using: StoredExpression): string {
  return (
    'exists (select from pg_catalog.pg_policy\n' +
    `    where polrelid = ${quoteText(table.ident)}::pg_catalog.regclass and polname = ${quoteText(name)}\n` +
    `    and pg_catalog.pg_get_expr(polqual, polrelid) = ${quoteText(using.printed)})`
  )
}

function wantedPolicies(
  { table, tenant }: TenantTable,
  options: PolicyOptions,
  appRole: string,
): readonly Wanted[] {
  const own = equalsSetting(options.tenantSetting, tenant)
  const settings = (options.settings ?? []).filter(({ tables }) => tables?.includes(table.object) ?? true)
  return [
    {
      name: 'tenant',
      permissive: true,
      role: appRole,
      using: own,
      purpose: 'The application sees and writes the rows of the tenant it works for; without one, none.',
    },
    {
      name: 'tenant_floor',
      permissive: false,
      role: 'public',
      using: own,
      purpose: 'No other policy, and no role that is ever granted the table, gets past the tenant.',
    },
    ...settings.flatMap(({ setting, column: name }) => {
      const column = table.columns.find((candidate) => candidate.name === name)
      if (!column) return []
      return [
        {
          name: fitName(`own_${name}`),
          permissive: false,
          role: 'public',
          using: equalsSetting(setting, column),
          purpose: `Inside a tenant, only the rows whose ${name} is the value of ${setting}.`,
        },
      ]
    }),
  ]
}
