import type { AdmissionRules } from './admission/admission-rules.ts'
import { createContextStatements } from './context/context-statement.ts'
import { orderSettingValues } from './context/settings.ts'
import { ConfigError } from './errors/config.ts'
import type { ResolvedOptions } from './options/resolve-options.ts'
import { type PoolTarget, resolvePool } from './options/resolve-pool.ts'
import type { ReplicaTarget } from './options/resolve-replicas.ts'
import { createPool } from './pool/create-pool.ts'
import { PoolGate } from './pool/gate.ts'
import type { PgPool } from './pool/pg-pool.ts'
import type { Router } from './router/router.ts'
import { VerifiedPool } from './verified-pool.ts'
import { type VerifyPool, verifyOnStart } from './verify-on-start.ts'
import type { MultiplexRules } from './wire/multiplexing/multiplex-rules.ts'
import { Multiplexer } from './wire/multiplexing/multiplexer.ts'
import { STANDBY_POSITION } from './wire/server-position.ts'
import { StatementNames } from './wire/statement-names.ts'
import type { TenantSource } from './wire/tenant-source.ts'

/** A pool that work goes through, and whether leasehold made it and so ends it. */
export interface OpenSource {
  readonly source: TenantSource
  /** The pool itself, without its check. */
  readonly pool: PgPool
  readonly endsPool: boolean
}

/** What differs between pools of one database object. */
interface SourceRules {
  readonly verify: VerifyPool | undefined
  readonly admission?: AdmissionRules
  /** See {@link PoolGate}. */
  readonly maxQueueMs?: number
  /** What the context statement reports besides. */
  readonly reports?: readonly string[]
  /** How batches share its connections; nothing where they do not. */
  readonly multiplex?: MultiplexRules | undefined
}

/** The pool of the application's role, that of work across tenants, and those of reads. */
export interface OpenSources {
  readonly primary: OpenSource
  readonly system: OpenSource | undefined
  readonly replicas: readonly (OpenSource & Omit<ReplicaTarget, 'target'>)[]
  /** Of reads that no replica serves; only where there are replicas. */
  readonly bulkhead: OpenSource | undefined
}

/** Takes the pools into use, or makes them. Connects to nothing yet: each is verified by who uses it first. */
export function openSources(options: ResolvedOptions): OpenSources {
  const check = verifyOnStart(options)
  const verify = check?.application
  const { multiplex } = options
  return {
    primary: openSource(options.primary, options, { verify, multiplex }),
    system: options.system && openSource(options.system, options, { verify: check?.system }),
    replicas: options.replicas.map(({ target, ...named }) => ({
      ...named,
      ...openSource(target, options, { verify, multiplex, reports: STANDBY_POSITION }),
    })),
    bulkhead:
      options.router &&
      openSource(bulkheadTarget(options, options.router), options, {
        verify,
        multiplex,
        ...options.router.bulkheadRules,
      }),
  }
}

/** @throws {ConfigError} */
function bulkheadTarget({ primary }: ResolvedOptions, router: Router): PoolTarget {
  const { shedPool, maxConcurrent } = router.rules
  if (shedPool !== undefined) return resolvePool(shedPool, 'options.router.shed.pool')
  if ('config' in primary) return { config: { ...primary.config, max: maxConcurrent } }
  throw new ConfigError(
    'options.router.shed.pool is needed, as options.primary is a pg.Pool: connections to the primary for reads that no replica ' +
      'can serve, so that they do not take those of writes.',
  )
}

function openSource(
  target: PoolTarget,
  options: ResolvedOptions,
  { verify, admission = options.admission, maxQueueMs, reports, multiplex }: SourceRules,
): OpenSource {
  const { acquireTimeoutMs, prepare, settings, tenantSetting } = options
  const given = 'pool' in target ? target.pool : createPool(target.config, acquireTimeoutMs)
  const pool: PgPool = verify ? new VerifiedPool(given, (client) => verify(given, client)) : given
  const source: TenantSource = {
    pool,
    admission: new PoolGate(pool, admission, maxQueueMs),
    context: createContextStatements(tenantSetting, settings, reports),
    defaultSettings: orderSettingValues(settings, undefined),
    acquireTimeoutMs,
    prepare,
    statementNames: new StatementNames(),
    isShared: multiplex !== undefined,
  }
  const multiplexer = multiplex && new Multiplexer(source, multiplex, admission, source.admission.capacity)
  return {
    source: Object.freeze({ ...source, multiplexer }),
    pool: given,
    endsPool: 'config' in target,
  }
}
