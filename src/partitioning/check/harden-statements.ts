import { quoteName } from '../../rls/sql/quote.ts'
import type { RelationState } from '../catalog/partition-catalog.ts'
import { identOf, roleIdent } from './relation-name.ts'

/** What of a partition decides who reaches its rows by its own name. */
export type Hardness = Pick<
  RelationState,
  'schema' | 'name' | 'owner' | 'rowSecurity' | 'forceRowSecurity' | 'policyNames' | 'grantees'
>

/**
 * The statements that a partition lacks to be reached through its parent only: its parent's owner, row security forced, no policies, no
 * grants. None where it lacks nothing. Each but the REVOKE takes ACCESS EXCLUSIVE on the partition alone, which is why a new one is hardened
 * before it is attached.
 *
 * The owner comes first: a REVOKE takes back what its own grantor gave, and who owns the table stands for all of its owners before.
 *
 * @see https://www.postgresql.org/docs/current/ddl-rowsecurity.html
 */
export function hardenStatements(partition: Hardness, owner: string): readonly string[] {
  const table = identOf(partition)
  return [
    ...(partition.owner === owner ? [] : [`alter table ${table} owner to ${quoteName(owner)};`]),
    ...rowSecurityStatements(partition),
    ...dropPolicies(partition),
    ...revokeStatements(partition),
  ]
}

/** Row security on, and held against the owner too. */
export function rowSecurityStatements(partition: Hardness): readonly string[] {
  const table = identOf(partition)
  return [
    ...(partition.rowSecurity ? [] : [`alter table ${table} enable row level security;`]),
    ...(partition.forceRowSecurity ? [] : [`alter table ${table} force row level security;`]),
  ]
}

/** With row security on and no policy, whoever names the partition finds nothing in it. */
export function dropPolicies(
  partition: Pick<Hardness, 'schema' | 'name' | 'policyNames'>,
): readonly string[] {
  return partition.policyNames.map((policy) => `drop policy ${quoteName(policy)} on ${identOf(partition)};`)
}

/** CASCADE: what a grantee has passed on goes as well. A REVOKE on a table takes the privileges of its columns too. */
export function revokeStatements({
  grantees,
  ...partition
}: Pick<Hardness, 'schema' | 'name' | 'grantees'>): readonly string[] {
  return grantees.map((role) => `revoke all on table ${identOf(partition)} from ${roleIdent(role)} cascade;`)
}
