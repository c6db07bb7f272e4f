import type { ContextTenant } from '../../context/no-tenant.ts'
import type { WireStatement } from '../statement.ts'
import type { PlaceRequest } from './place-request.ts'

/** What runs on a shared connection. */
export interface SharedWork {
  readonly tenant: ContextTenant
  readonly statements: readonly WireStatement[]
  /** Whether it cannot have changed anything, and so may be sent again. */
  readonly isRead: boolean
  /** Its place among those of which nobody knows yet how long they take. */
  readonly newcomer?: PlaceRequest
}
