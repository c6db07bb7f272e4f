import type { TenantContext } from '../context/context-statement.ts'
import type { TenantId } from '../context/tenant-id.ts'
import type { DatabaseParts } from '../database-parts.ts'
import { NestingError } from '../errors/outcome.ts'
import { TenantMismatchError } from '../errors/tenant.ts'
import { resolveCall } from '../options/resolve-call.ts'
import type { CurrentOptions } from '../options/scope-options.ts'
import { TenantStatements } from '../query/tenant-statements.ts'
import { runTransaction } from '../router/run-routed.ts'
import { chooseInScope } from '../scope/choose-in-scope.ts'
import { explainWriteIn } from '../scope/write-in-read.ts'
import type { TenantCallback } from '../transaction/tenant-transaction.ts'
import type { QueryResult } from '../wire/pg-internals.ts'
import type { StatementInput } from '../wire/statement.ts'
import type { TransactionModes } from './transaction-modes.ts'

/** What the scope of a call can do: the same as its `db.current()`. */
export interface TenantWork {
  readonly readOnly: boolean
  /** Values of the declared settings, in declared order. */
  readonly settings: readonly string[]
  /** What the caller is told in place of an error of the server. */
  explain(error: unknown): unknown
  /** One statement, which commits by itself. */
  query(statement: StatementInput): Promise<QueryResult<unknown>>
  /** Runs a callback in a transaction of the tenant, or in the one around the caller. */
  transaction(modes: TransactionModes, callback: TenantCallback<void>): Promise<void>
}

type Parts = Omit<DatabaseParts, 'kysely' | 'system'>

/** The tenant work of a database object, for whoever is in one of its scopes. */
export class ScopedWork {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  get pool(): DatabaseParts['source']['pool'] {
    return this.#parts.source.pool
  }

  /** Callers that wait for a connection. */
  get waiting(): number {
    return this.#parts.source.admission.snapshot(0).waiting
  }

  /** @throws {ScopeRequiredError} {@link ClosedError} */
  tenant(): TenantId {
    this.#parts.shutdown.refuseNewWork()
    return this.#parts.scopes.current().tenant
  }

  /**
   * @throws {TenantMismatchError} the scope around the caller is another tenant's
   * @throws {ScopeRequiredError} there is none
   */
  require(tenant: TenantId): void {
    if (this.#parts.scopes.current().tenant !== tenant) throw mismatch()
  }

  /**
   * The same for what a stream calls from an event, where the scope may be lost on the way.
   *
   * @throws {TenantMismatchError}
   */
  refuseOther(tenant: TenantId): void {
    const scope = this.#parts.scopes.find()
    if (scope && scope.tenant !== tenant) throw mismatch()
  }

  /**
   * Policies may read settings as they read the tenant, so what was begun for one user is not gone on with for another.
   *
   * @throws {NestingError} the scope around the caller, where there is one, has other settings than these
   */
  refuseOtherSettings(settings: readonly string[]): void {
    const scope = this.#parts.scopes.find()
    if (!scope) return
    const own = scope.settings ?? this.#parts.source.defaultSettings
    if (own.some((value, index) => value !== settings[index])) throw otherSettings()
  }

  /**
   * @param asked whether it is to read only; left out, the scope decides
   * @throws {ScopeRequiredError} {@link ClosedError} {@link NestingError} {@link UnsupportedError}
   */
  current(asked: Pick<CurrentOptions, 'readOnly' | 'route'> = {}): TenantWork {
    const { options, source, routes, scopes, shutdown } = this.#parts
    shutdown.refuseNewWork()
    const scope = scopes.current()
    const chosen = chooseInScope(scope.method, asked)
    const { readOnly, timeoutMs } = resolveCall(options, chosen)
    const { tenant } = scope
    const routing = routes.of(tenant, chosen, scope)
    const explain = explainWriteIn(scope)
    const settings = scope.settings ?? source.defaultSettings
    const context: TenantContext = { tenant, readOnly, settings }
    const statements = new TenantStatements(source, context, { timeoutMs, routing, explain })
    return {
      readOnly,
      settings,
      explain: explain ?? ((error) => error),
      query: (statement) => statements.query<unknown>(statement),
      transaction: ({ isolation, deferrable = false }, callback) => {
        const request = {
          tenant,
          settings: scope.settings,
          readOnly,
          isolation,
          // In any other transaction PostgreSQL takes the word and ignores it.
          deferrable: deferrable && readOnly && isolation === 'serializable',
          timeoutMs,
        }
        return shutdown.track(() => runTransaction(source, request, routing, callback))
      },
    }
  }
}

function otherSettings(): NestingError {
  return new NestingError(
    'A statement was given to a client of asPool() in a scope with other settings than its transaction was begun with; nothing was sent. ' +
      'Connect a client in each scope, and keep none beyond it.',
  )
}

function mismatch(): TenantMismatchError {
  return new TenantMismatchError(
    'A client of asPool() was used in the scope of another tenant than the one that it was connected for; nothing was sent. ' +
      'Call connect() in each scope, and keep no client beyond it.',
  )
}
