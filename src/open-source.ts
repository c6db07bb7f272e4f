import { createContextStatements } from './context/context-statement.ts'
import { orderSettingValues } from './context/settings.ts'
import type { PoolTarget, ResolvedOptions } from './options/resolve-options.ts'
import { createPool } from './pool/create-pool.ts'
import { PoolGate } from './pool/gate.ts'
import type { PgPool } from './pool/pg-pool.ts'
import { VerifiedPool } from './verified-pool.ts'
import { type VerifyPool, verifyOnStart } from './verify-on-start.ts'
import { StatementNames } from './wire/statement-names.ts'
import type { TenantSource } from './wire/tenant-source.ts'

/** A pool that work goes through, and whether leasehold made it and so ends it. */
export interface OpenSource {
  readonly source: TenantSource
  /** The pool itself, without its check. */
  readonly pool: PgPool
  readonly endsPool: boolean
}

/** The pool of the application's role, and that of work across tenants. */
export interface OpenSources {
  readonly primary: OpenSource
  readonly system: OpenSource | undefined
}

/** Takes the pools into use, or makes them. Connects to nothing yet: each is verified by who uses it first. */
export function openSources(options: ResolvedOptions): OpenSources {
  const verify = verifyOnStart(options)
  return {
    primary: openSource(options.primary, options, verify?.application),
    system: options.system && openSource(options.system, options, verify?.system),
  }
}

function openSource(
  target: PoolTarget,
  options: ResolvedOptions,
  verify: VerifyPool | undefined,
): OpenSource {
  const { acquireTimeoutMs, admission, prepare, settings, tenantSetting } = options
  const given = 'pool' in target ? target.pool : createPool(target.config, acquireTimeoutMs)
  const pool: PgPool = verify ? new VerifiedPool(given, (client) => verify(given, client)) : given
  const source = Object.freeze({
    pool,
    admission: new PoolGate(pool, admission),
    context: createContextStatements(tenantSetting, settings),
    defaultSettings: orderSettingValues(settings, undefined),
    acquireTimeoutMs,
    prepare,
    statementNames: new StatementNames(),
  })
  return { source, pool: given, endsPool: 'config' in target }
}
