import { channel } from 'node:diagnostics_channel'

/**
 * A named stream of events for `node:diagnostics_channel`. The message is only made when somebody listens.
 *
 * No event holds a row value, a bind value, a statement's text or a token.
 */
export interface EventChannel<Message> {
  readonly name: string
  publish(compose: () => Message): void
}

/** A connection was asked for. */
export interface AcquireEvent {
  readonly outcome: string
  readonly durationMs: number
  readonly total: number
  readonly idle: number
  readonly waiting: number
}

/** A tenant batch or a transaction has ended. */
export interface WorkEvent {
  /** The first 12 hexadecimal digits of the SHA-256 of the tenant id; '' where the work has no tenant. */
  readonly tenantHash: string
  readonly outcome: 'committed' | 'rolled-back' | 'failed' | 'unknown'
  /** The `code` of the error that ended it: ours, or a SQLSTATE. */
  readonly code: string | undefined
  readonly readOnly: boolean
  readonly statements: number
  readonly durationMs: number
}

/** What both events of one call of `system` say. */
interface SystemCall {
  /** The same in both events of a call. */
  readonly call: string
  /** What the caller gave as the reason, as it is. */
  readonly reason: string
  readonly readOnly: boolean
  /** Whether it ran inside another, and so is committed, or not, with that one. */
  readonly joined: boolean
}

/** Work across tenants begins, or has ended: for the audit log. */
export type SystemEvent = SystemCall &
  (
    | { readonly phase: 'begin' }
    | ({ readonly phase: 'end' } & Pick<WorkEvent, 'outcome' | 'code' | 'statements' | 'durationMs'>)
  )

/** Something that must not happen happened, and was stopped. Wake somebody. */
export interface AlarmEvent {
  readonly alarm: 'poisoned-backend' | 'protocol-desync' | 'transaction-state'
  readonly detail: string
}

/** Something is not as it should be, and work goes on. */
export interface WarningEvent {
  readonly warning: 'server-version'
  readonly detail: string
  /** The holes that it is about, by their names: `CVE-2024-10976`. */
  readonly cves: readonly string[]
}

/** Each request for a connection. */
export const acquireEvents: EventChannel<AcquireEvent> = define('leasehold:acquire')
/** Each tenant batch. */
export const batchEvents: EventChannel<WorkEvent> = define('leasehold:batch')
/** Each transaction that reached the server. */
export const transactionEvents: EventChannel<WorkEvent> = define('leasehold:transaction')
/** Each call of `system`: before anything is sent, and when it has ended. */
export const systemEvents: EventChannel<SystemEvent> = define('leasehold:system')
/** Poisoned backends, replies that belong to another request, transaction states that nobody asked for. */
export const alarmEvents: EventChannel<AlarmEvent> = define('leasehold:alarm')
/** What a pool's first use found that is not as it should be: a server without the fix of a hole in row security. */
export const warningEvents: EventChannel<WarningEvent> = define('leasehold:warning')

function define<Message>(name: string): EventChannel<Message> {
  const target = channel(name)
  return {
    name,
    publish(compose) {
      if (target.hasSubscribers) target.publish(compose())
    },
  }
}
