import type { CatalogNames } from '../../../../expression/catalog-names.ts'
import type { Call } from '../../../../expression/expression.ts'
import { always, FAILS, isAlways, type Possible } from '../../../../expression/possible.ts'
import { TYPE } from '../../../../expression/read-constant.ts'
import { settingsOfCall } from '../../../../expression/settings-read.ts'
import type { Situation } from '../../../../expression/situation.ts'
import { type Context, type ProbeTenants, probeTenants, settingIn } from './contexts.ts'
import type { TenantColumn } from './policy-table.ts'
import type { Trials } from './trials.ts'

/** What is the same for all situations of an audit. */
export interface Surroundings {
  /** In lower case, as PostgreSQL compares names of settings. */
  readonly tenantSetting: string
  readonly loginRole: string
  /** With all roles that it may become. */
  readonly appRoles: readonly string[]
  readonly names: CatalogNames
  readonly trials: Trials
}

/** A context, or one in which the tenant's setting may hold anything. */
export type AnyContext = Context | 'any'

/** The application's session in a context, at a row with this tenant. */
export function situationIn(
  context: AnyContext,
  tenant: TenantColumn | undefined,
  row: Possible,
  surroundings: Surroundings,
): Situation {
  const { tenantSetting, loginRole, appRoles } = surroundings
  const probes = probeTenants(tenant?.type ?? TYPE.uuid)
  return {
    column: (number) => (number === tenant?.number ? row : undefined),
    setting: (name) => {
      if (name === tenantSetting) return context === 'any' ? undefined : always(settingIn(context, probes))
      // PostgreSQL's own settings have no dot in their names, and always a value.
      if (!name.includes('.')) return ownSetting(name, surroundings)
      if (context === 'any' || context === 'tenant') return undefined
      return always(context === 'empty' ? '' : null)
    },
    user: (session) => new Set(session ? [loginRole] : appRoles),
    call: (call) => (context === 'any' ? undefined : answerOf(call, context, probes, tenant, surroundings)),
  }
}

/** What the application cannot choose for itself. */
function ownSetting(name: string, { loginRole, appRoles }: Surroundings): Possible {
  if (name === 'is_superuser') return always('off')
  if (name === 'session_authorization') return always(loginRole)
  return name === 'role' ? new Set(['none', ...appRoles]) : undefined
}

/**
 * What a function answers: what it answered when it was tried, unless a setting that is not the tenant's could change it. One that
 * could not be tried, or that refuses a tenant without a proof, is trusted to answer the tenant where it answers its type.
 */
function answerOf(
  call: Call,
  context: Context,
  probes: ProbeTenants,
  tenant: TenantColumn | undefined,
  { names, trials, tenantSetting }: Surroundings,
): Possible {
  const answer = trials.answerOf(call, context, probes)
  const isTenant = call.type === tenant?.type
  if (context !== 'tenant') return answer ?? (isTenant ? always(null) : undefined)
  if (answer === undefined || isAlways(answer, FAILS)) return isTenant ? always(probes.own) : undefined
  const others = [...settingsOfCall(call, names)].filter((name) => name !== tenantSetting)
  return others.length === 0 || (isTenant && isAlways(answer, probes.own)) ? answer : undefined
}
