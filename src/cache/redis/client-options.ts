import type { RedisOptions } from 'ioredis'

/** Milliseconds after which a socket that was closed, and whose other side does not answer, is destroyed. */
const DISCONNECT_MS = 50

export type LinkOptions = RedisOptions & { readonly replyMapping: 'legacy' }

/**
 * What the cache changes of a client's options: nothing is held back, resent, redirected or connected again by the client itself,
 * so that no command can reach a server that was not asked what it is.
 */
export function linkOptions(given: RedisOptions): LinkOptions {
  return {
    ...given,
    lazyConnect: true,
    retryStrategy: null,
    reconnectOnError: null,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    enableAutoPipelining: false,
    // The cache asks the server itself what it is.
    enableReadyCheck: false,
    disconnectTimeout: DISCONNECT_MS,
    readOnly: false,
    monitor: false,
    stringNumbers: false,
    replyMapping: 'legacy',
    keyPrefix: '',
    commandTimeout: undefined,
    blockingTimeout: undefined,
    socketTimeout: undefined,
    scripts: undefined,
    himportFieldsets: undefined,
    disableClientInfo: true,
    connectionName: given.connectionName ?? 'leasehold-cache',
  }
}
