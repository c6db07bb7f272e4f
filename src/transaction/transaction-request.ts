import type { ContextTenant } from '../context/no-tenant.ts'
import type { PositionWatch } from '../wire/position-watch.ts'
import type { ReadRoute } from '../wire/read-route.ts'
import type { Isolation } from './begin.ts'
import type { RetryRules } from './retry.ts'

/** What is asked of a transaction. What is `undefined` is taken from the enclosing one, or has its default. */
export interface TransactionRequest {
  readonly tenant: ContextTenant
  /** Values of the declared settings, in declared order. */
  readonly settings: readonly string[] | undefined
  readonly readOnly: boolean
  /** @default 'read committed' */
  readonly isolation: Isolation | undefined
  readonly deferrable?: boolean | undefined
  readonly retry?: number | RetryRules | undefined
  readonly signal?: AbortSignal | undefined
  readonly receipt?: string | undefined
  readonly timeoutMs: number
  /** Finds the server of a read; without it, the source's. */
  readonly route?: ReadRoute | undefined
  /** Is told where the server stands after the commit of a write. */
  readonly watch?: PositionWatch | undefined
}
