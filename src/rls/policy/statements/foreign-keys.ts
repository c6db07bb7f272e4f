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

/** The foreign key with the tenant; none where it is there. */
export function addForeignKey({ table, twin, name, ...change }: ForeignKeyChange): readonly string[] {
  const ident = nameIdent(name)
  if (twin?.valid) return []
  if (twin) return [`alter table ${table.ident} validate constraint ${ident};`]
  const definition = foreignKeyDefinition({ table, twin, name, ...change })
  return [
    guarded(
      `not ${constraintExists(table, name)}`,
      `alter table ${table.ident} add constraint ${ident}\n      ${definition};`,
    ),
  ]
}

/** The one in place of the other, where the key that they refer to stays. */
export function replaceForeignKey(change: ForeignKeyChange, withPartitions: WithPartitions): PolicyStatement {
  const drop = dropForeignKey(change, withPartitions)
  return policyStatement(drop, ...drop.parts, ...addForeignKey(change))
}
