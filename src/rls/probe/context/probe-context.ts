import { quoteText } from '../../sql/quote.ts'
import type { ProbeTenant } from '../probe-options.ts'

/**
 * What a transaction says of its tenant.
 *
 * - `tenant`: it works for one.
 * - `none`: no tenant has been named, as when a caller forgot to.
 * - `garbage`: what was named is no tenant's id, as when a caller mixed something up.
 * - `unknown`: it is fit for an id, but nobody's.
 */
export interface ProbeContext {
  readonly kind: 'tenant' | 'none' | 'garbage' | 'unknown'
  /** As messages call it. */
  readonly said: string
  /** Statements that set it, for a transaction. */
  readonly statements: readonly string[]
}

/** A context of a tenant. */
export interface TenantContext extends ProbeContext {
  readonly kind: 'tenant'
  readonly tenant: ProbeTenant
}

/** The context of a tenant that does not exist. */
export interface UnknownContext extends ProbeContext {
  readonly kind: 'unknown'
  readonly id: string
}

/** The contexts of a probe. */
export interface ProbeContexts {
  readonly first: TenantContext
  readonly second: TenantContext
  readonly unknown: UnknownContext
  readonly empty: ProbeContext
  /** Nothing has been set yet since the connection was made. */
  readonly unset: ProbeContext
  readonly garbage: readonly ProbeContext[]
}

/** Thinks up the contexts of a probe for two tenants. */
export function createContexts(
  tenantSetting: string,
  [first, second]: readonly [ProbeTenant, ProbeTenant],
  unknownId: string,
): ProbeContexts {
  // Every setting is set in every context, so that none is left over from another.
  const names = new Set([
    tenantSetting,
    ...[first, second].flatMap(({ settings = {} }) => Object.keys(settings)),
  ])
  const setting = (values: Readonly<Record<string, string>>) =>
    [...names].map((name) => set(name, values[name] ?? ''))
  const of = (kind: 'none' | 'garbage', said: string, id: string): ProbeContext => ({
    kind,
    said,
    statements: setting({ [tenantSetting]: id }),
  })
  const forTenant = (tenant: ProbeTenant): TenantContext => ({
    kind: 'tenant',
    said: 'for a tenant',
    statements: setting({ [tenantSetting]: tenant.id, ...tenant.settings }),
    tenant,
  })
  return {
    first: forTenant(first),
    second: forTenant(second),
    unknown: {
      kind: 'unknown',
      said: 'for a tenant that does not exist',
      statements: setting({ [tenantSetting]: unknownId }),
      id: unknownId,
    },
    empty: of('none', 'with an empty tenant', ''),
    unset: { kind: 'none', said: 'before any tenant was set', statements: [] },
    garbage: [
      of('garbage', "with the tenant 'null'", 'null'),
      of('garbage', 'with a tenant that is no id', 'leasehold probe'),
    ],
  }
}

/** A statement that sets a setting until the transaction, or the attempt, ends. */
export function set(name: string, value: string): string {
  return `select pg_catalog.set_config(${quoteText(name)}, ${quoteText(value)}, true)`
}
