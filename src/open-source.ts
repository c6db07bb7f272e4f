import { createContextStatements } from './context/context-statement.ts'
import { orderSettingValues } from './context/settings.ts'
import type { PoolTarget, ResolvedOptions } from './options/resolve-options.ts'
import { createPool } from './pool/create-pool.ts'
import { PoolGate } from './pool/gate.ts'
import { StatementNames } from './wire/statement-names.ts'
import type { TenantSource } from './wire/tenant-source.ts'

/** A pool that work goes through, and whether leasehold made it and so ends it. */
export interface OpenSource {
  readonly source: TenantSource
  readonly endsPool: boolean
}

/** Takes a pool into use, or makes one. Connects to nothing yet. */
export function openSource(target: PoolTarget, options: ResolvedOptions): OpenSource {
  const { acquireTimeoutMs, admission, prepare, settings, tenantSetting } = options
  const pool = 'pool' in target ? target.pool : createPool(target.config, acquireTimeoutMs)
  const source = Object.freeze({
    pool,
    admission: new PoolGate(pool, admission),
    context: createContextStatements(tenantSetting, settings),
    defaultSettings: orderSettingValues(settings, undefined),
    acquireTimeoutMs,
    prepare,
    statementNames: new StatementNames(),
  })
  return { source, endsPool: 'config' in target }
}
