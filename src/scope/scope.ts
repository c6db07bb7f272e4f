import type { TenantId } from '../context/tenant-id.ts'

/** On whose behalf code runs: what is known of a request, or of a job of a queue. Frozen; holds no connection. */
export interface Scope {
  readonly tenant: TenantId
  /** Values of the declared settings, in declared order; `undefined` where none were given. */
  readonly settings: readonly string[] | undefined
  /** Of HTTP, such as 'GET'; `undefined` for work that is no request. */
  readonly method: string | undefined
  /** What the caller saw last, so that it reads its own writes. */
  readonly token: string | undefined
}
