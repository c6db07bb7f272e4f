import { LeaseholdError } from './leasehold-error.ts'

/** A reply did not belong to the request that was sent. The connection was destroyed and no row reached the caller. */
export class ProtocolDesyncError extends LeaseholdError {
  readonly code = 'LSH_ERR_PROTOCOL_DESYNC'
  readonly retryable = false
  /** What the reply held. */
  readonly found: string

  constructor(found: string) {
    super(
      `A reply on a pooled connection did not belong to the request that was sent (${found}). The connection ` +
        'was destroyed and no row of it was handed out. Look at the pooler between the application and ' +
        'PostgreSQL, its version and its log. A write in the call may have been applied.',
    )
    this.found = found
  }
}

/** What was found changed on a server connection before the tenant context was set. */
export type Poison = 'tenant' | 'session'

/**
 * A server connection still carried session state of another client: a tenant setting, or a role, search_path or
 * row_security other than at connect. The context statement failed on purpose, so no statement of the caller ran.
 * The server connection was terminated, because destroying only the client's leaves it behind pgbouncer for the next.
 */
export class PoisonedBackendError extends LeaseholdError {
  readonly code = 'LSH_ERR_POISONED_BACKEND'
  readonly retryable = true
  readonly poison: Poison

  constructor(poison: Poison) {
    super(
      `A server connection carried ${
        poison === 'tenant'
          ? 'a tenant setting'
          : 'a role, search_path or row_security other than at connect, or temporary objects,'
      } of another client. No statement of this call ran, and the server connection was terminated. Find the code ` +
        "that uses session-level SET, set_config(..., false) or CREATE TEMP on this pooler's connections; what all " +
        'sessions are to have belongs into ALTER ROLE or ALTER DATABASE ... SET.',
    )
    this.poison = poison
  }
}

/** After a call the server was in another transaction state than the call can leave behind. The connection was destroyed. */
export class TransactionStateError extends LeaseholdError {
  readonly code = 'LSH_ERR_TX_STATE'
  readonly retryable = false
  /** The state that the server was in. */
  readonly found: string

  constructor(expected: string, found: string) {
    super(
      `After the call the server connection was ${found} where it must be ${expected}: a statement changed the ` +
        'transaction behind the library. The connection was destroyed; what the call wrote is in doubt.',
    )
    this.found = found
  }
}
