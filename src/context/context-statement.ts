import type { ContextTenant } from './no-tenant.ts'
import { createNonce } from './nonce.ts'
import { type SessionBaseline, sessionSignature } from './session-baseline.ts'

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
}

/** Composes the statement that opens every tenant batch and every transaction. */
export interface ContextStatements {
  /** @param statementTimeoutMs how long the server may work on one statement, at least 1 */
  compose(context: TenantContext, baseline: SessionBaseline, statementTimeoutMs: number): ContextStatement
}

/** What a poisoned session has that a fresh one has not. */
export interface PoisonReport {
  readonly poison: 'tenant' | 'session'
  /** The process id of the poisoned backend, for `pg_terminate_backend`. */
  readonly pid: number
}

const MARKER = 'leasehold:poisoned:'
const REPORT = /leasehold:poisoned:(tenant|session):([0-9]{1,10})/
/** SQLSTATE `invalid_text_representation`: what the guard's cast raises. */
const INVALID_TEXT = '22P02'

/**
 * One `select`, whose target list PostgreSQL evaluates from left to right:
 *
 * 1. The **guard** fails if the session is not as at connect. A failing statement makes the server skip all that
 *    follows up to Sync, so nothing of the caller runs on a poisoned backend. The failing cast carries the backend's
 *    pid out, because behind a pooler the next message may reach another backend.
 * 2. The **nonce** and the settings come back, and prove that the reply belongs to this request.
 *
 * The third argument of `set_config` makes each setting end with the transaction. Do not fold this into the caller's
 * statement as a CTE: whether it ran before the policy was read depended on the join order.
 *
 * @see https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SET
 */
export function createContextStatements(
  tenantSetting: string,
  settings: readonly string[],
): ContextStatements {
  const poison =
    `case when coalesce(pg_catalog.current_setting('${tenantSetting}', true), '') operator(pg_catalog.=) '' ` +
    `then 'session' else 'tenant' end`
  const guard =
    `(case when ${sessionSignature(tenantSetting)} operator(pg_catalog.=) $1 then '0' else ` +
    `pg_catalog.concat('${MARKER}', ${poison}, ':', pg_catalog.pg_backend_pid()) end)::pg_catalog.int4`
  const set = (name: string, value: string) => `pg_catalog.set_config('${name}', ${value}, true)`
  const readWrite = [
    `select ${guard}`,
    '$2::pg_catalog.text',
    set(tenantSetting, '$3'),
    ...settings.map((name, index) => set(name, `$${index + 5}`)),
    set('statement_timeout', '$4'),
  ].join(', ')
  // Turned on, it cannot be turned off again in the same transaction: a later INSERT gets SQLSTATE 25006.
  const readOnly = `${readWrite}, ${set('transaction_read_only', "'on'")}`

  return {
    compose(context, baseline, statementTimeoutMs) {
      const nonce = createNonce()
      return {
        text: context.readOnly ? readOnly : readWrite,
        values: [baseline.signature, nonce, context.tenant, `${statementTimeoutMs}ms`, ...context.settings],
        expected: ['0', nonce, context.tenant, ...context.settings],
      }
    },
  }
}

/** Reads the guard's failure out of an error of the server; `undefined` for every other error. */
export function readPoisonReport(error: { code?: unknown; message: string }): PoisonReport | undefined {
  if (error.code !== INVALID_TEXT) return undefined
  const [, poison, pid] = REPORT.exec(error.message) ?? []
  if (pid === undefined) return undefined
  return { poison: poison === 'tenant' ? 'tenant' : 'session', pid: Number(pid) }
}
