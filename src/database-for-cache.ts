import type {
  CacheCaller,
  CacheDatabase,
  LogPosition,
  ReadAt,
  ReadWays,
  TextQuery,
} from './cache/database.ts'
import { NO_TENANT } from './context/no-tenant.ts'
import { orderSettingValues, type SettingValues } from './context/settings.ts'
import { parseTenantId, type TenantId } from './context/tenant-id.ts'
import type { DatabaseParts } from './database-parts.ts'
import { ConfigError } from './errors/config.ts'
import type { CommitEvidence, CommitOutcome } from './errors/outcome.ts'
import type { TenantReadCallback } from './query/tenant-callback.ts'
import { createTenantTransaction } from './query/tenant-transaction.ts'
import { parseLsn } from './router/token/wal-position.ts'
import { runAsSystem } from './scope/run-as-system.ts'
import { enclosingTransaction, runOutside } from './transaction/enclosing.ts'
import type { TenantTransaction } from './transaction/tenant-transaction.ts'
import { withTenant } from './transaction/with-tenant.ts'
import { Deadline } from './wire/deadline.ts'
import { IDLE } from './wire/expected-state.ts'
import { LeasedConnection } from './wire/leased-connection.ts'
import { askOutcome } from './wire/resolve-commit.ts'
import { POSITION, readPosition, type ServerPosition } from './wire/server-position.ts'
import { watchingRoute } from './wire/watching-route.ts'

/** A database object as the cache sees it. */
export class DatabaseForCache<DB> implements CacheDatabase<DB> {
  readonly settings: readonly string[]
  readonly hasSystem: boolean
  readonly #parts: DatabaseParts

  constructor(parts: DatabaseParts) {
    this.#parts = parts
    this.settings = parts.options.settings
    this.hasSystem = parts.system !== undefined
  }

  caller(given: {
    readonly tenant?: TenantId | undefined
    readonly settings?: SettingValues | undefined
  }): CacheCaller {
    const { options, scopes } = this.#parts
    const settings = given.settings && orderSettingValues(options.settings, given.settings)
    if (given.tenant !== undefined) {
      const tenant = parseTenantId(options.parseTenant, given.tenant)
      return { tenant, settings: settings ?? this.#parts.source.defaultSettings }
    }
    const scope = scopes.current()
    return {
      tenant: scope.tenant,
      settings: settings ?? scope.settings ?? this.#parts.source.defaultSettings,
    }
  }

  inTransaction(): boolean {
    return enclosingTransaction(this.#parts.source) !== undefined
  }

  join<T>({ tenant, settings }: CacheCaller, callback: TenantReadCallback<T, DB>): Promise<T> {
    const request = { ...this.#request(undefined), tenant, settings }
    return this.#track(() => withTenant(this.#parts.source, request, (tx) => callback(this.#over(tx))))
  }

  async read<T>(
    { tenant, settings }: CacheCaller,
    { atLeast, timeoutMs }: ReadWays,
    callback: TenantReadCallback<T, DB>,
  ): Promise<ReadAt<T>> {
    const { source, routes } = this.#parts
    let replayed: bigint | undefined
    let position: ServerPosition | undefined
    let isReplica = false
    const watch = {
      opened: ({ lsn }: { readonly lsn: string | undefined }) => {
        isReplica = true
        replayed = lsn === undefined ? undefined : parseLsn(lsn)
      },
      closed: (at: ServerPosition | undefined) => {
        position = at
      },
    }
    const request = { ...this.#request(timeoutMs), tenant, settings }
    const routing = atLeast && routes.atLeast(tenant, atLeast)
    const route = routing && watchingRoute(routing.read(new Deadline(request.timeoutMs)), watch)
    const work = (tx: TenantTransaction) => {
      // Its COMMIT is waited for: where the server stood comes with the answer.
      tx.afterCommit(() => {})
      return callback(this.#over<DB>(tx))
    }
    const value = await this.#alone(() => withTenant(source, { ...request, route, watch }, work))
    if (isReplica) return { value, source: 'replica', lsn: replayed, timeline: undefined }
    const isPrimary = position !== undefined && !position.inRecovery
    return {
      value,
      source: 'primary',
      lsn: position && isPrimary ? parseLsn(position.lsn) : undefined,
      timeline: isPrimary ? position?.timeline : undefined,
    }
  }

  async ask(text: string, values: readonly unknown[] = []): Promise<readonly unknown[]> {
    const { source } = this.#parts
    const request = { ...this.#request(undefined), tenant: NO_TENANT, settings: undefined }
    const { rows } = await this.#alone(() => withTenant(source, request, (tx) => tx.query(text, values)))
    return rows
  }

  async across<T>(reason: string, callback: (query: TextQuery) => Promise<T>): Promise<T> {
    const { system } = this.#parts
    if (!system)
      throw new ConfigError('The journal of the cache needs the option `system` of createLeasehold.')
    const request = { ...this.#request(undefined), readOnly: false, settings: undefined, reason }
    const work = (tx: TenantTransaction) =>
      callback(async (text, values) => (await tx.query(text, values)).rows)
    return this.#alone(() => runAsSystem(system.source, request, work))
  }

  async position(timeoutMs: number): Promise<LogPosition | undefined> {
    const deadline = new Deadline(timeoutMs)
    const connection = await LeasedConnection.open(this.#parts.source, NO_TENANT, deadline)
    try {
      if (!connection.mayReadPosition) return undefined
      const reply = await connection.exchange({ statements: [POSITION], leaves: IDLE }, deadline)
      if (reply.error) throw reply.error
      const at = readPosition(reply.results[0])
      if (!at || at.inRecovery || at.timeline === undefined) return undefined
      return { systemId: at.systemId, timeline: at.timeline, lsn: parseLsn(at.lsn) }
    } finally {
      connection.release()
    }
  }

  outcome(evidence: CommitEvidence, timeoutMs: number): Promise<CommitOutcome | 'in progress'> {
    return askOutcome(this.#parts.source, NO_TENANT, evidence, new Deadline(timeoutMs))
  }

  /** A read of its own; at READ COMMITTED, where a standby's snapshots are taken after it has said what it has replayed. */
  #request(timeoutMs: number | undefined) {
    return {
      readOnly: true,
      isolation: undefined,
      timeoutMs: timeoutMs ?? this.#parts.options.timeoutMs,
    } as const
  }

  #over<Tables>(tx: TenantTransaction) {
    return createTenantTransaction<Tables>(this.#parts.kysely, tx)
  }

  /** What many may wait for runs in the scope and the transaction of none of them. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#track(() => this.#parts.scopes.leave(() => runOutside(work)))
  }

  async #track<T>(work: () => Promise<T>): Promise<T> {
    this.#parts.shutdown.refuseNewWork()
    return this.#parts.shutdown.track(work)
  }
}
