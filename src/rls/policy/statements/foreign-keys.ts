import { constraintExists } from '../constraint-exists.ts'
import type { TableDescription } from '../describe/schema-description.ts'
import { type ForeignKeyChange, foreignKeyDefinition } from '../foreign-key-changes.ts'
import { guarded } from '../guarded.ts'
import { lockTables } from '../lock-tables.ts'
import { nameIdent } from '../name-ident.ts'
import { type PolicyStatement, policyStatement } from '../policy-statement.ts'

/** A table and its partitions, which are locked along with it. */
export type WithPartitions = (table: TableDescription) => readonly TableDescription[]

/** The foreign key without the tenant goes, before the key that it refers to. */
export function dropForeignKey(change: ForeignKeyChange, withPartitions: WithPartitions): PolicyStatement {
  const { table, references, old } = change
  return policyStatement(
    {
      object: table.object,
      purpose: `${old.name} is checked without policies: it accepts a row of another tenant’s in ${references.object}.`,
      locks: lockTables('ACCESS EXCLUSIVE', ...withPartitions(table), ...withPartitions(references)),
    },
    `alter table ${table.ident} drop constraint if exists ${old.ident};`,
  )
}

/** The foreign key with the tenant in place of the one without, in a single statement: neither goes without the other. */
export function moveForeignKey(change: ForeignKeyChange): string {
  return alterTable(change, `drop constraint ${change.old.ident}`, ...addition(change))
}

/** The first half of the same, where the key that is referred to has to change in between. */
export function dropOld(change: ForeignKeyChange): string {
  return alterTable(change, `drop constraint ${change.old.ident}`)
}

/** The second half; none where the new one is there. */
export function addNew(change: ForeignKeyChange): readonly string[] {
  return addition(change).map((added) => alterTable(change, added))
}

/** The one in place of the other, where the key that they refer to stays. */
export function replaceForeignKey(change: ForeignKeyChange, withPartitions: WithPartitions): PolicyStatement {
  const { table, old } = change
  return policyStatement(
    dropForeignKey(change, withPartitions),
    guarded(constraintExists(table, old.name), moveForeignKey(change)),
  )
}

function addition(change: ForeignKeyChange): readonly string[] {
  const { name, twin } = change
  if (twin?.valid) return []
  const ident = nameIdent(name)
  return [
    twin ? `validate constraint ${ident}` : `add constraint ${ident}\n      ${foreignKeyDefinition(change)}`,
  ]
}

function alterTable({ table }: ForeignKeyChange, ...actions: readonly string[]): string {
  return `alter table ${table.ident} ${actions.join(',\n      ')};`
}
