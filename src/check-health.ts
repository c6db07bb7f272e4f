import { NO_TENANT } from './context/no-tenant.ts'
import { resolveTimeout } from './options/resolve-options.ts'
import type { PoolSnapshot } from './pool/pool-snapshot.ts'
import { Deadline } from './wire/deadline.ts'
import { runTenantBatch } from './wire/run-tenant-batch.ts'
import { callerStatement } from './wire/statement.ts'
import type { TenantSource } from './wire/tenant-source.ts'

const DEFAULT_TIMEOUT_MS = 1_000

/** Whether a server answers. */
export interface ServerHealth {
  readonly ok: boolean
  /** Milliseconds until it was known, waiting for a connection included. */
  readonly latencyMs: number
  /** The `code` of the error: ours, or a SQLSTATE. Only where it is not ok. */
  readonly code?: string
}

/** What `health` gives. */
export interface Health {
  readonly ok: boolean
  readonly primary: ServerHealth
  readonly pool: PoolSnapshot
}

/**
 * Asks the server for a row, in the way that all work goes: through the queue and the pool, and with an empty tenant context.
 * Never throws.
 */
export async function checkHealth(source: TenantSource, timeoutMs: number | undefined): Promise<Health> {
  const startedAt = performance.now()
  const context = { tenant: NO_TENANT, settings: source.defaultSettings, readOnly: true }
  const statements = [callerStatement({ text: 'select 1' })]
  let code: string | undefined
  try {
    const deadline = new Deadline(resolveTimeout(timeoutMs, DEFAULT_TIMEOUT_MS, 'options.timeoutMs'))
    await runTenantBatch(source, { context, statements, explicit: false }, deadline)
  } catch (error) {
    code = codeOf(error)
  }
  const latencyMs = performance.now() - startedAt
  const primary = code === undefined ? { ok: true, latencyMs } : { ok: false, latencyMs, code }
  return Object.freeze({
    ok: primary.ok,
    primary: Object.freeze(primary),
    pool: source.admission.snapshot(),
  })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
}
