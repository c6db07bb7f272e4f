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
  const { table, twin } = change
  const added = twin?.valid ? '' : `,\n      ${twin ? validateTwin(change) : addition(change)}`
  return `alter table ${table.ident} drop constraint ${change.old.ident}${added};`
}

/** The first half of the same, where the key that is referred to has to change in between. */
export function dropOld({ table, old }: ForeignKeyChange): string {
  return `alter table ${table.ident} drop constraint ${old.ident};`
}

/** The second half. */
export function addNew(change: ForeignKeyChange): string {
  return `alter table ${change.table.ident} ${addition(change)};`
}

/** The one in place of the other, where the key that they refer to stays. */
export function replaceForeignKey(change: ForeignKeyChange, withPartitions: WithPartitions): PolicyStatement {
  const { table, old } = change
  return policyStatement(
    dropForeignKey(change, withPartitions),
    guarded(constraintExists(table, old.name), moveForeignKey(change)),
  )
}

function addition(change: ForeignKeyChange): string {
  return `add constraint ${nameIdent(change.name)} ${foreignKeyDefinition(change)}`
}

function validateTwin({ name }: ForeignKeyChange): string {
  return `validate constraint ${nameIdent(name)}`
}
