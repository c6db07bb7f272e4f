import type { Expression } from '../../../../expression/expression.ts'

/** `pg_policy.polcmd`: all commands, SELECT, INSERT, UPDATE or DELETE. */
export type PolicyCommand = '*' | 'r' | 'a' | 'w' | 'd'

/** A condition of a policy. */
export interface PolicyPart {
  readonly side: 'using' | 'check'
  /** As PostgreSQL prints it. */
  readonly text: string
  readonly expression: Expression
}

export interface Policy {
  readonly oid: number
  readonly name: string
  readonly permissive: boolean
  readonly command: PolicyCommand
  /** Names of the roles that it is for; none when it is for PUBLIC. */
  readonly roles: readonly string[]
  /** Whether it holds for the application: for PUBLIC, the login role, or a role that it may become. */
  readonly reachesApp: boolean
  readonly using: PolicyPart | undefined
  /** `undefined` where `using` stands for it. */
  readonly check: PolicyPart | undefined
}

/** The column that names a row's tenant. */
export interface TenantColumn {
  readonly number: number
  readonly name: string
  /** OID of its type, that below a domain. */
  readonly type: number
  /** As `format_type` prints it, qualified. */
  readonly typeName: string
  /** Whether it is NOT NULL. */
  readonly required: boolean
}

/** A table that has policies. */
export interface PolicyTable {
  readonly oid: number
  /** `schema.name`, unquoted. */
  readonly object: string
  /** Quoted, for SQL. */
  readonly ident: string
  readonly name: string
  /** Absent where the table has no such column, or is declared shared. */
  readonly tenant: TenantColumn | undefined
  readonly policies: readonly Policy[]
}

/** A table whose rows belong to tenants. */
export interface TenantTable extends PolicyTable {
  readonly tenant: TenantColumn
}

export function isTenantTable(table: PolicyTable): table is TenantTable {
  return table.tenant !== undefined
}

/** The conditions of a policy. */
export function partsOf({ using, check }: Policy): readonly PolicyPart[] {
  return [using, check].filter((part) => part !== undefined)
}
