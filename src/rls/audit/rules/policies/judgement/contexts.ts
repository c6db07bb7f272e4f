import { TYPE } from '../../../../expression/read-constant.ts'

/**
 * What the setting that holds the tenant is when a policy is tried: never set, left empty by an earlier transaction, the text `null`
 * that a careless caller makes of an absent value, or a tenant.
 */
export type Context = 'unset' | 'empty' | 'null' | 'tenant'

/** The contexts in which no tenant is known; that in which nothing was set yet must be tried before the others. */
export const NO_TENANT: readonly Exclude<Context, 'tenant'>[] = ['unset', 'empty', 'null']

/** A tenant, and two others, of which one sorts before it and one behind. */
export interface ProbeTenants {
  readonly own: string
  readonly foreign: readonly [string, string]
}

const UUIDS: ProbeTenants = {
  own: '5eed0001-ea5e-4001-8001-1ea5e401d00b',
  foreign: ['5eed0001-ea5e-4001-8001-1ea5e401d00a', '5eed0001-ea5e-4001-8001-1ea5e401d00c'],
}
const NUMBERS: ProbeTenants = { own: '32001', foreign: ['32000', '32002'] }
const TEXTS: ProbeTenants = { own: '~b', foreign: ['~a', '~c'] }

/** Tenants that nobody has, as texts of a type by its OID. */
export function probeTenants(type: number): ProbeTenants {
  switch (type) {
    case TYPE.uuid:
      return UUIDS
    case TYPE.smallint:
    case TYPE.integer:
    case TYPE.bigint:
    case TYPE.numeric:
      return NUMBERS
    default:
      return TEXTS
  }
}

/** What the tenant's setting holds in a context; `null` where it was never set. */
export function settingIn(context: Context, { own }: ProbeTenants): string | null {
  return { unset: null, empty: '', null: 'null', tenant: own }[context]
}
