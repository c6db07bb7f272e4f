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

/** The foreign key with the tenant comes. */
export function addForeignKey(
  change: ForeignKeyChange,
  withPartitions: WithPartitions,
): readonly PolicyStatement[] {
  const { table, references, name, tenant, twin } = change
  if (twin?.valid) return []
  const ident = nameIdent(name)
  const add = `alter table ${table.ident} add constraint ${ident}\n      ${foreignKeyDefinition(change)};`
  return [
    policyStatement(
      {
        object: table.object,
        purpose: `A row refers to rows of its own ${tenant.name} only, and what is deleted or changed with them is its own.`,
        locks: lockTables('SHARE ROW EXCLUSIVE', ...withPartitions(table), ...withPartitions(references)),
      },
      twin
        ? `alter table ${table.ident} validate constraint ${ident};`
        : guarded(`not ${constraintExists(table, name)}`, add),
    ),
  ]
}
