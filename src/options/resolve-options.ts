import type { AdmissionRules } from '../admission/admission-rules.ts'
import { parseSettingName } from '../context/settings.ts'
import { type TenantParser, uuid } from '../context/tenant-id.ts'
import { ConfigError } from '../errors/config.ts'
import type { KyselyOptions } from '../query/kysely-parts.ts'
import type { Router } from '../router/router.ts'
import type { Prepare } from '../wire/find-session.ts'
import type { MultiplexRules } from '../wire/multiplexing/multiplex-rules.ts'
import type { LeaseholdOptions } from './options.ts'
import { resolveAdmission } from './resolve-admission.ts'
import { resolveMultiplex } from './resolve-multiplex.ts'
import { type PoolTarget, resolvePool } from './resolve-pool.ts'
import { type ReplicaTarget, resolveReplicas } from './resolve-replicas.ts'
import { type ResolvedVerify, resolveVerify } from './resolve-verify.ts'

/** The longest delay that a Node timer keeps; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2_147_483_647
const MOST_CONCURRENCY = 1_000

/** Options after every check, with every default filled in. */
export interface ResolvedOptions {
  readonly primary: PoolTarget
  readonly system: PoolTarget | undefined
  readonly replicas: readonly ReplicaTarget[]
  /** Where there are replicas. */
  readonly router: Router | undefined
  readonly tenantSetting: string
  readonly tenantColumn: string
  readonly parseTenant: TenantParser
  /** Nothing where a pool is used unchecked. */
  readonly verify: ResolvedVerify | undefined
  readonly settings: readonly string[]
  readonly timeoutMs: number
  readonly acquireTimeoutMs: number
  readonly prepare: Prepare
  readonly admission: AdmissionRules
  /** Where batches share connections. */
  readonly multiplex: MultiplexRules | undefined
  readonly kysely: KyselyOptions
}

/**
 * Checks the options of `createLeasehold`. The only way to make {@link ResolvedOptions}.
 *
 * @throws {ConfigError} naming the option's path
 */
export function resolveOptions(options: LeaseholdOptions): ResolvedOptions {
  if (typeof options !== 'object' || options === null) throw new ConfigError('The options must be an object.')
  const { primary, tenant = {}, settings = [] } = options
  const target = resolvePool(primary, 'options.primary')
  const system = options.system === undefined ? undefined : resolvePool(options.system, 'options.system')
  if (options.system === primary) {
    throw new ConfigError(
      'options.system must be another pool than options.primary, with a login role of its own.',
    )
  }
  const parseTenant = tenant.parse ?? uuid
  if (typeof parseTenant !== 'function') {
    throw new ConfigError(
      'options.tenant.parse must be a function that turns an unknown value into a TenantId.',
    )
  }
  if (!Array.isArray(settings)) throw new ConfigError('options.settings must be an array of setting names.')
  const tenantSetting = parseSettingName(tenant.setting ?? 'app.tenant_id', 'options.tenant.setting')
  const names = settings.map((name, index) => parseSettingName(name, `options.settings[${index}]`))
  if (new Set([tenantSetting, ...names]).size !== names.length + 1) {
    throw new ConfigError('options.settings names a setting twice, or names the tenant setting.')
  }
  return Object.freeze({
    primary: target,
    system,
    ...resolveReplicas(options),
    tenantSetting,
    tenantColumn: resolveColumn(tenant.column),
    parseTenant,
    verify: resolveVerify(options),
    settings: Object.freeze(names),
    timeoutMs: resolveTimeout(options.timeoutMs, 30_000, 'options.timeoutMs'),
    acquireTimeoutMs: resolveTimeout(options.acquireTimeoutMs, 5_000, 'options.acquireTimeoutMs'),
    prepare: resolvePrepare(options.prepare),
    admission: resolveAdmission(options.admission),
    multiplex: resolveMultiplex(options.multiplex),
    kysely: resolveKysely(options.kysely),
  })
}

/** @throws {ConfigError} */
function resolveKysely({ plugins, log }: KyselyOptions = {}): KyselyOptions {
  if (plugins !== undefined && !Array.isArray(plugins)) {
    throw new ConfigError('options.kysely.plugins must be an array of Kysely plugins.')
  }
  if (log !== undefined && typeof log !== 'function' && !Array.isArray(log)) {
    throw new ConfigError("options.kysely.log must be a function, or an array of 'query' and 'error'.")
  }
  return Object.freeze({ plugins, log })
}

/** @throws {ConfigError} */
function resolveColumn(value: unknown = 'tenant_id'): string {
  if (typeof value === 'string' && value !== '') return value
  throw new ConfigError('options.tenant.column must be the name of a column.')
}

function resolvePrepare(value: unknown = 'auto'): Prepare {
  if (value === true || value === false || value === 'auto') return value
  throw new ConfigError("options.prepare must be true, false or 'auto'.")
}

/** @throws {ConfigError} unless it is a whole number in the range */
export function resolveConcurrency(value: unknown = 4): number {
  if (Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= MOST_CONCURRENCY)
    return Number(value)
  throw new ConfigError(
    `options.concurrency must be a number of transactions, from 1 to ${MOST_CONCURRENCY}.`,
  )
}

/**
 * @param path where the value stands in the options, for the message
 * @param least 1, or 0 where no time at all has a meaning
 * @throws {ConfigError} unless it is a number of milliseconds that a timer can keep
 */
export function resolveTimeout(value: unknown, byDefault: number, path: string, least: 0 | 1 = 1): number {
  if (value === undefined) return byDefault
  if (typeof value !== 'number' || !(value >= least) || value > LONGEST_TIMER_MS) {
    throw new ConfigError(`${path} must be a number of milliseconds from ${least} to ${LONGEST_TIMER_MS}.`)
  }
  return value
}
