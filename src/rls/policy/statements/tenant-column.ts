import type { TenantTable } from '../choose-tables.ts'
import { fitName } from '../derived-name.ts'
import type { ColumnDescription, TableDescription } from '../describe/schema-description.ts'
import type { KeyChange } from '../key-changes.ts'
import { lockTables } from '../lock-tables.ts'
import { nameIdent } from '../name-ident.ts'
import { type PolicyStatement, policyStatement } from '../policy-statement.ts'
import { settingDefault } from '../setting-value.ts'

/** The tenant column takes its value from the setting where none is given. */
export function tenantDefault(target: TenantTable, setting: string): readonly PolicyStatement[] {
  const { table, tenant, partitions, isTenant } = target
  const { sql, printed } = settingDefault(setting, tenant)
  if (isTenant || tenant.default === printed) return []
  return [
    policyStatement(
      {
        object: table.object,
        purpose: 'What the application inserts belongs to the tenant it works for, without being told.',
        locks: lockTables('ACCESS EXCLUSIVE', table, ...partitions),
      },
      `alter table ${table.ident} alter column ${tenant.ident} set default ${sql};`,
    ),
  ]
}

/** A row of nobody's is one that nobody ever sees, and that no key holds. A primary key sees to it by itself. */
export function tenantNotNull(
  { table, tenant, partitions }: TenantTable,
  changes: readonly KeyChange[],
): readonly PolicyStatement[] {
  const willBe = changes.some((change) => change.table === table && change.old.kind === 'primary key')
  if (tenant.notNull || willBe) return []
  return [
    policyStatement(
      {
        object: table.object,
        purpose: 'Every row belongs to a tenant. This reads the whole table.',
        locks: lockTables('ACCESS EXCLUSIVE', table, ...partitions),
      },
      `alter table ${table.ident} alter column ${tenant.ident} set not null;`,
    ),
  ]
}

/** The constraint by which a rollout makes the column NOT NULL, in between. */
export function notNullCheck(table: TableDescription, tenant: ColumnDescription): string {
  return fitName(`${table.name}_${tenant.name}_leasehold_not_null`)
}

/** What a rollout that was not ended has left. */
export function leftoverCheck({ table, tenant, partitions }: TenantTable): readonly PolicyStatement[] {
  const name = notNullCheck(table, tenant)
  if (!table.checks.some((check) => check.name === name)) return []
  return [
    policyStatement(
      {
        object: table.object,
        purpose: 'A rollout that was begun has left it, and NOT NULL says the same.',
        locks: lockTables('ACCESS EXCLUSIVE', table, ...partitions),
      },
      `alter table ${table.ident} drop constraint if exists ${nameIdent(name)};`,
    ),
  ]
}
