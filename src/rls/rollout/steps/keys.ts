import type { DerivedNames } from '../../policy/derived-name.ts'
import type { TableDescription } from '../../policy/describe/schema-description.ts'
import { constraintDefinition, type KeyChange } from '../../policy/key-changes.ts'
import { lockTables } from '../../policy/lock-tables.ts'
import { nameIdent } from '../../policy/name-ident.ts'
import { policyStatement } from '../../policy/policy-statement.ts'
import { keepIdentity, swapConstraint } from '../../policy/statements/keys.ts'
import { briefStep, longStep, type RolloutStep } from '../rollout-step.ts'
import { buildIndex } from './build-index.ts'
import { leafKeys } from './leaf-keys.ts'

/** How a key across tenants is replaced: what is done beside it, and what takes it away in the end. */
export interface KeySteps {
  readonly prepare: readonly RolloutStep[]
  readonly finish: readonly RolloutStep[]
}

/** @param partitions of the table that the key is on */
export function keySteps(
  change: KeyChange,
  partitions: readonly TableDescription[],
  names: DerivedNames,
): KeySteps {
  if (!change.table.partitioned) return { prepare: build(change), finish: swap(change) }
  const leaves = leafKeys(change, partitions, names)
  return { prepare: leaves.flatMap(build), finish: swapWhole(change, leaves, partitions) }
}

function build({ table, tenant, old, index, body, twin }: KeyChange): readonly RolloutStep[] {
  return buildIndex({
    table,
    name: index,
    kind: 'unique index',
    definition: `using ${old.method} (${body}`,
    purpose: `It will hold inside ${tenant.name} what ${old.name} holds across tenants.`,
    twin,
  })
}

function swap(change: KeyChange): readonly RolloutStep[] {
  const { table, old, index, twin } = change
  const on = {
    object: table.object,
    purpose: purposeOf(change),
    locks: lockTables('ACCESS EXCLUSIVE', table),
  }
  if (old.kind !== 'index') {
    const isBare = twin === undefined || twin.kind === 'index'
    const drop = `alter table ${table.ident} drop constraint if exists ${old.ident};`
    return briefStep('finish', [policyStatement(on, isBare ? swapConstraint(change) : drop)])
  }
  const identity = keepIdentity(change, index)
  const drop = policyStatement(
    { ...on, locks: lockTables('SHARE UPDATE EXCLUSIVE', table) },
    `drop index concurrently if exists ${table.schemaIdent}.${old.ident};`,
  )
  return [
    ...(identity.length > 0 ? briefStep('finish', [policyStatement(on, ...identity)]) : []),
    longStep('finish', drop),
  ]
}

/** A partitioned table takes in the keys of its partitions, which no statement of its own could build beside its readers. */
function swapWhole(
  change: KeyChange,
  leaves: readonly KeyChange[],
  partitions: readonly TableDescription[],
): readonly RolloutStep[] {
  const { table, old, index, constraint, body } = change
  const parts =
    old.kind === 'index'
      ? [
          `create unique index if not exists ${nameIdent(index)} on ${table.ident} using ${old.method} (${body};`,
          `drop index if exists ${table.schemaIdent}.${old.ident};`,
        ]
      : [
          `alter table ${table.ident} drop constraint if exists ${old.ident};`,
          ...leaves.map(
            (leaf) =>
              `alter table ${leaf.table.ident} add constraint ${nameIdent(leaf.constraint)} ${old.kind} using index ${nameIdent(leaf.index)}${old.timing};`,
          ),
          `alter table ${table.ident} add constraint ${nameIdent(constraint)} ${constraintDefinition(change)};`,
        ]
  const on = {
    object: table.object,
    purpose: purposeOf(change),
    locks: lockTables('ACCESS EXCLUSIVE', table, ...partitions),
  }
  return briefStep('finish', [policyStatement(on, ...parts)])
}

function purposeOf({ old, tenant }: KeyChange): string {
  return `${old.name} holds inside ${tenant.name}: across tenants, it tells one what another has, and ON CONFLICT reaches it.`
}
