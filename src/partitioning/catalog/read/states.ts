import type { Leaf, LooseTable, ParentState, RelationState } from '../partition-catalog.ts'
import type { LeafFact } from './leaves-query.ts'
import type { LooseFact } from './loose-query.ts'
import type { ParentFact } from './parents-query.ts'
import type { RelationFact } from './relation-facts.ts'

export function parentOf(fact: ParentFact): ParentState {
  const { oid, kind, owner, primaryKey, foreignKeys, referencedBy, grantees, invalidIndexes, publications } =
    fact
  const { rowSecurity, forceRowSecurity, replicaIdentity } = fact
  return {
    oid,
    kind,
    owner,
    partitionKey: fact.partitionKey ?? undefined,
    primaryKey,
    foreignKeys,
    referencedBy,
    rowSecurity,
    forceRowSecurity,
    grantees,
    invalidIndexes,
    replicaIdentity,
    publications,
  }
}

export function leafOf(fact: LeafFact): Leaf {
  return {
    ...relationOf(fact, fact.isEmpty),
    isDefault: fact.isDefault,
    lowUs: fact.lowUs === null ? undefined : BigInt(fact.lowUs),
    highUs: fact.highUs === null ? undefined : BigInt(fact.highUs),
    detachPending: fact.detachPending,
    missingIndexes: fact.missingIndexes,
  }
}

export function looseOf(fact: LooseFact): LooseTable {
  return { ...relationOf(fact, fact.isEmpty), checks: fact.checks }
}

function relationOf(fact: RelationFact, isEmpty: boolean | null): RelationState {
  const { oid, schema, name, owner, rowSecurity, forceRowSecurity, policyNames, grantees } = fact
  const { foreignKeys, referencedBy, invalidIndexes, replicaIdentity, publications } = fact
  return {
    oid,
    schema,
    name,
    owner,
    rowSecurity,
    forceRowSecurity,
    policies: policyNames.length,
    policyNames,
    grantees,
    foreignKeys,
    referencedBy,
    invalidIndexes,
    replicaIdentity,
    publications,
    isEmpty: isEmpty ?? undefined,
  }
}
