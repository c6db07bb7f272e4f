import type { TenantId } from '../context/tenant-id.ts'

/**
 * On whose behalf code runs: what is known of a request, or of a job of a queue. Frozen; holds no connection.
 *
 * @typeParam Reader what the router keeps of whoever reads here
 */
export interface Scope<Reader = unknown> {
  readonly tenant: TenantId
  /** Values of the declared settings, in declared order; `undefined` where none were given. */
  readonly settings: readonly string[] | undefined
  /** Of HTTP, such as 'GET'; `undefined` for work that is no request. */
  readonly method: string | undefined
  /** The pattern of the request's route; `undefined` where it was not said. */
  readonly httpRoute: string | (() => string | undefined) | undefined
  /** What has been seen in it, so that nothing older is read. */
  readonly reader: Reader | undefined
  /** Called before its tenant is handed out. @throws what says that this is no place for a tenant's rows */
  readonly guard: (() => void) | undefined
}
