import { AuditSubject } from '../../audit/audit-subject.ts'
import type { CatalogClient } from '../../catalog/catalog-client.ts'
import { quoteText } from '../../sql/quote.ts'
import type { ProbeOptions } from '../probe-options.ts'
import { FUNCTIONS, type ProbedFunction, SEQUENCES } from './probed-function.ts'
import { type ProbedRelation, relations } from './probed-relation.ts'

/** Of each query of the catalogs. */
const STATEMENT_TIMEOUT_MS = 60_000
const LOCK_TIMEOUT_MS = 5_000

/** Everything that the application reaches, apart from what is declared shared or to be left alone. */
export interface ProbedSchema {
  readonly relations: readonly ProbedRelation[]
  readonly functions: readonly ProbedFunction[]
  /** `schema.name`. */
  readonly sequences: readonly string[]
  /** All tables of tenants, reachable or not. */
  readonly tenantTables: readonly TenantTable[]
}

/** A table of tenants, as an exempt role looks for tenants in it. */
export interface TenantTable {
  /** Quoted, for SQL. */
  readonly ident: string
  /** Its tenant column, quoted, and that column's type. */
  readonly tenant: string
  readonly type: string
}

const TENANT_TABLES = `select ident, quote_ident(tenant_name) as tenant, format_type(tenant_type, -1) as type
  from tenant_table where not is_partition order by object`

/**
 * Reads from the catalogs what a role reaches.
 *
 * @param client in no transaction
 * @throws {ConfigError} when there is no such role
 */
export async function readSchema(
  client: CatalogClient,
  appRole: string,
  options: ProbeOptions,
): Promise<ProbedSchema> {
  const { skip = [] } = options
  return reading(client, appRole, options, async (subject) => {
    const left = <Row extends { object: string }>(rows: readonly Row[]) =>
      rows.filter(({ object }) => !skip.includes(object))
    return {
      relations: left(await subject.rows<ProbedRelation>(relations())),
      functions: left(await subject.rows<ProbedFunction>(FUNCTIONS)),
      sequences: left(await subject.rows<{ object: string }>(SEQUENCES)).map(({ object }) => object),
      tenantTables: await subject.rows<TenantTable>(TENANT_TABLES),
    }
  })
}

/**
 * Reads from the catalogs one relation that a role reaches; nothing where it does not.
 *
 * @param client in no transaction
 * @param object `schema.name`
 * @throws {ConfigError} when there is no such role
 */
export async function readRelation(
  client: CatalogClient,
  appRole: string,
  { tenantColumn, tenantSetting }: Pick<ProbeOptions, 'tenantColumn' | 'tenantSetting'>,
  object: string,
): Promise<ProbedRelation | undefined> {
  const options = { tenantColumn, tenantSetting, tenantColumns: {}, settings: [], shared: [] }
  const query = relations(`relation.object = ${quoteText(object)}`)
  const [relation] = await reading(client, appRole, options, (subject) => subject.rows<ProbedRelation>(query))
  return relation
}

/** Reads from the catalogs as they are at one moment, in a transaction that is over afterwards. */
async function reading<T>(
  client: CatalogClient,
  appRole: string,
  { tenantColumn, tenantColumns, tenantSetting, settings, shared }: ProbeOptions,
  read: (subject: AuditSubject) => Promise<T>,
): Promise<T> {
  await client.query('begin isolation level repeatable read read only')
  try {
    await client.query(
      `set local statement_timeout = ${STATEMENT_TIMEOUT_MS}; set local lock_timeout = ${LOCK_TIMEOUT_MS}`,
    )
    const asked = { appRole, tenantColumn, tenantColumns, tenantSetting, settings, shared }
    return await read(await AuditSubject.open(client, { ...asked, backupRoles: [], sources: [] }))
  } finally {
    await client.query('rollback').catch(() => {})
  }
}
