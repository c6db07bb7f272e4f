import type { ContextTenant } from '../context/no-tenant.ts'
import type { Route } from '../telemetry.ts'
import type { Reader } from './reader.ts'
import type { ReadChoice } from './router-options.ts'

/** What is known of the calls that a handle, or one transaction, makes. */
export interface CallRoutingOptions extends ReadChoice {
  readonly tenant: ContextTenant
  readonly reader: Reader | undefined
  readonly onRoute: ((route: Route) => void) | undefined
}
