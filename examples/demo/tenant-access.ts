/** A row as the demo reads it: every statement asks for the tenant that the row belongs to. */
export interface TenantRow {
  readonly tenant_id: string
}

/** SQL and the values of its parameters. */
export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

/** Runs one statement and answers its rows. */
export type RunStatement = <Row extends TenantRow>(statement: Statement) => Promise<readonly Row[]>

/** What an application needs to work for one tenant. */
export interface TenantAccess {
  /** Runs one statement that stands alone. */
  readonly query: RunStatement
  /** Runs statements that commit together, of which none needs another's answer. Answers the rows of all. */
  batch(statements: readonly Statement[]): Promise<readonly TenantRow[]>
  /** Runs statements that depend on each other, in one transaction. */
  transaction<Result>(work: (run: RunStatement) => Promise<Result>): Promise<Result>
}

/** The names of the ways to set the tenant that the demo compares. */
export const VARIANT_NAMES = ['session-set', 'hand-written', 'leasehold'] as const

/** @see VARIANT_NAMES */
export type VariantName = (typeof VARIANT_NAMES)[number]

/** One way to set the tenant, over a pool of its own. */
export interface Variant extends AsyncDisposable {
  readonly name: VariantName
  as(tenantId: string): TenantAccess
}

/** Where a variant connects to, and with how many connections at most. */
export interface VariantOptions {
  readonly connectionString: string
  readonly max: number
}
