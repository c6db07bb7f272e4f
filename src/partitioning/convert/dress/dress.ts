import { quoteName } from '../../../rls/sql/quote.ts'
import type { TableShape } from '../shape/table-shape.ts'
import { grantsOn } from './grants.ts'
import { createPolicy } from './policies.ts'
import { joinPublications } from './publications.ts'
import { createTrigger } from './triggers.ts'

/** Gives the table that now bears the name what governs the access to it: row security, policies, grants, triggers, publications. */
export function dress(ident: string, shape: TableShape): readonly string[] {
  return [
    `alter table ${ident} ${shape.rowSecurity ? 'enable' : 'disable'} row level security;`,
    `alter table ${ident} ${shape.forced ? 'force' : 'no force'} row level security;`,
    ...shape.policies.map((policy) => createPolicy(ident, policy)),
    ...grantsOn(`table ${ident}`, shape.grants),
    ...shape.triggers.flatMap((trigger) => createTrigger(ident, trigger)),
    ...joinPublications(ident, shape.publications),
  ]
}

/** Which columns of the log a replica is told rows by. */
export function replicaIdentity(ident: string, shape: TableShape): readonly string[] {
  const { replicaIdentity: kind, replicaIndex } = shape
  if (kind === 'n') return [`alter table ${ident} replica identity nothing;`]
  if (kind === 'f') return [`alter table ${ident} replica identity full;`]
  if (kind !== 'i' || replicaIndex === null) return []
  return [`alter table ${ident} replica identity using index ${quoteName(replicaIndex)};`]
}
