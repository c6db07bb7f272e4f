import type { ContextTenant } from './context/no-tenant.ts'
import type { TenantId } from './context/tenant-id.ts'
import { ConfigError } from './errors/config.ts'
import type { ReaderOptions } from './options/options.ts'
import { resolveTimeout } from './options/resolve-options.ts'
import type { CallRouting } from './router/call-routing.ts'
import type { Reader } from './router/reader.ts'
import type { Router } from './router/router.ts'
import type { ReadChoice } from './router/router-options.ts'
import type { WalPosition } from './router/token/wal-position.ts'
import type { Scope } from './scope/scope.ts'
import type { Route } from './telemetry.ts'

/** Who reads in a scope, and who is told where the reads go. */
export interface ScopedReader {
  readonly reader: Reader
  readonly onRoute: ((route: Route) => void) | undefined
}

const CONSISTENCIES: readonly unknown[] = ['session', 'eventual', 'strong']

/** Gives scopes their reader, and calls their way. Without replicas it gives nothing, and everything goes to the primary. */
export class Routes {
  readonly #router: Router | undefined

  constructor(router: Router | undefined) {
    this.#router = router
  }

  /**
   * The reader of a new scope; nothing where it is that of the scope around it.
   *
   * @throws {ConfigError}
   */
  scoped(
    tenant: TenantId,
    options: ReaderOptions,
    around: Scope<ScopedReader> | undefined,
  ): ScopedReader | undefined {
    if (!this.#router || (around && !saysWhoReads(options))) return undefined
    return { reader: this.#reader(this.#router, tenant, options), onRoute: options.onRoute }
  }

  /**
   * @param scope the one around the caller; its reader is whoever calls for its own tenant and says nothing else
   * @throws {ConfigError}
   */
  of(
    tenant: ContextTenant,
    options: ReadChoice & ReaderOptions,
    scope: Scope<ScopedReader> | undefined,
  ): CallRouting | undefined {
    const { route, consistency = 'session', maxStalenessMs } = options
    if (!CONSISTENCIES.includes(consistency)) {
      throw new ConfigError("options.consistency must be 'session', 'eventual' or 'strong'.")
    }
    if (route !== undefined && route !== 'primary' && route !== 'replica') {
      throw new ConfigError("options.route must be 'primary' or 'replica'.")
    }
    if (maxStalenessMs !== undefined) resolveTimeout(maxStalenessMs, 0, 'options.maxStalenessMs', 0)
    if (!this.#router) return undefined
    const around = scope?.tenant === tenant ? scope.reader : undefined
    const own = saysWhoReads(options) ? this.#reader(this.#router, tenant, options) : undefined
    return this.#router.callRouting({
      tenant,
      ...(route && { route }),
      consistency,
      ...(maxStalenessMs !== undefined && { maxStalenessMs }),
      reader: own ?? around?.reader,
      onRoute: options.onRoute ?? around?.onRoute,
    })
  }

  /** The way of reads that must see a position, whoever calls; nothing where there are no replicas. */
  atLeast(tenant: ContextTenant, position: WalPosition): CallRouting | undefined {
    const router = this.#router
    if (!router) return undefined
    const reader = router.readerOf(position, { tenant, subject: '' })
    return router.callRouting({
      tenant,
      route: 'replica',
      consistency: 'session',
      reader,
      onRoute: undefined,
    })
  }

  #reader(router: Router, tenant: ContextTenant, { subject = '', token, onToken }: ReaderOptions): Reader {
    if (typeof subject !== 'string') throw new ConfigError('options.subject must be a string.')
    return router.reader({ tenant, subject }, token, onToken)
  }
}

function saysWhoReads({ subject, token, onToken, onRoute }: ReaderOptions): boolean {
  return [subject, token, onToken, onRoute].some((given) => given !== undefined)
}
