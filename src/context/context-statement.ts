import type { ContextTenant } from './no-tenant.ts'
import { createNonce } from './nonce.ts'
import type { SessionBaseline } from './session-baseline.ts'
import { SOUND, sessionGuard } from './session-guard.ts'

/** The tenant context of one call. */
export interface TenantContext {
  readonly tenant: ContextTenant
  /** Values of the declared settings, in declared order. */
  readonly settings: readonly string[]
  readonly readOnly: boolean
}

/** A context statement that is ready to be sent once. */
export interface ContextStatement {
  readonly text: string
  readonly values: readonly string[]
  /** How the row that comes back must begin, cell by cell: any other belongs to another request. */
  readonly expected: readonly string[]
  /** How many cells at the end of the row report something. */
  readonly reports: number
}

/** Composes the statement that opens every tenant batch and every transaction. */
export interface ContextStatements {
  /** @param statementTimeoutMs how long the server may work on one statement, at least 1 */
  compose(context: TenantContext, baseline: SessionBaseline, statementTimeoutMs: number): ContextStatement
}

/**
 * One `select`, whose target list PostgreSQL evaluates from left to right:
 *
 * 1. The **guard** fails if the session is not as at connect. A failing statement makes the server skip all that
 *    follows up to Sync, so nothing of the caller runs on a poisoned backend.
 * 2. The **nonce** and the settings come back, and prove that the reply belongs to this request.
 *
 * The third argument of `set_config` makes each setting end with the transaction. Do not fold this into the caller's
 * statement as a CTE: whether it ran before the policy was read depended on the join order.
 *
 * @param reports expressions whose values come back at the end of the row
 * @see https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SET
 */
export function createContextStatements(
  tenantSetting: string,
  settings: readonly string[],
  reports: readonly string[] = [],
): ContextStatements {
  const set = (name: string, value: string) => `pg_catalog.set_config('${name}',${value},true)`
  const readWrite = [
    `select ${sessionGuard(tenantSetting)}`,
    '$3::pg_catalog.text',
    set(tenantSetting, '$4'),
    ...settings.map((name, index) => set(name, `$${index + 6}`)),
    set('statement_timeout', '$5'),
  ]
  // Turned on, it cannot be turned off again in the same transaction: a later INSERT gets SQLSTATE 25006.
  const readOnly = [...readWrite, set('transaction_read_only', "'on'")]
  const writing = [...readWrite, ...reports].join(',')
  const reading = [...readOnly, ...reports].join(',')

  return {
    compose(context, baseline, statementTimeoutMs) {
      const nonce = createNonce()
      const { currentUser, settings: atConnect } = baseline
      const timeout = `${statementTimeoutMs}ms`
      return {
        text: context.readOnly ? reading : writing,
        values: [currentUser, atConnect, nonce, context.tenant, timeout, ...context.settings],
        expected: [SOUND, nonce, context.tenant, ...context.settings],
        reports: reports.length,
      }
    },
  }
}
