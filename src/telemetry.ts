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

/**
 * Why work went where it went.
 *
 * - `write`: it may write
 * - `replica`: a replica served it; `waited`: after it had caught up; `stale`: though it lags, as the options allow
 * - `asked`: the primary was asked for; `strong`: by its consistency; `isolation`: a replica cannot give it at that isolation
 * - `token`: its token cannot be judged, so that only the primary is sure to have what it stands for
 * - `behind`, `lagging`, `down`, `failed`: shed to the primary, because no replica had what it must see, or all lag, or none
 *   is up, or those that were tried failed
 * - `refused`: shed, and turned away
 */
export type RouteReason =
  | 'write'
  | 'replica'
  | 'waited'
  | 'stale'
  | 'asked'
  | 'strong'
  | 'isolation'
  | 'token'
  | 'behind'
  | 'lagging'
  | 'down'
  | 'failed'
  | 'refused'

/** Where a read or a write went. */
export interface Route {
  /** The id of a replica, or `primary`; nothing for what was refused. */
  readonly target: string | undefined
  readonly reason: RouteReason
  /** How often it was sent. */
  readonly attempts: number
  /** Milliseconds that it waited for a replica to catch up. */
  readonly waitedMs: number
}

/** A read or a write was routed, and has ended. */
export interface RouteEvent extends Route {
  readonly durationMs: number
}

/** A replica changed its state. */
export interface ReplicaEvent {
  /** As the options name it. */
  readonly replica: string
  readonly from: string
  readonly to: string
  /** What it was that changed it, such as `lag` or `connection`. */
  readonly cause: string
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

/** Each read and write of a database object with replicas. */
export const routeEvents: EventChannel<RouteEvent> = define('leasehold:route')
/** Each change of a replica's state. */
export const replicaEvents: EventChannel<ReplicaEvent> = define('leasehold:replica')

function define<Message>(name: string): EventChannel<Message> {
  const target = channel(name)
  return {
    name,
    publish(compose) {
      if (target.hasSubscribers) target.publish(compose())
    },
  }
}
