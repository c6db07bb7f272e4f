import type { AdmissionRules } from '../admission/admission-rules.ts'
import { ConfigError } from '../errors/config.ts'
import { MADE, type Made } from '../made-here.ts'
import { CallRouting } from './call-routing.ts'
import type { CallRoutingOptions } from './call-routing-options.ts'
import { Fleet, type FleetParts } from './fleet.ts'
import { Reader, type TokenListener } from './reader.ts'
import { type RouterRules, resolveRouter } from './resolve-router.ts'
import type { RouterOptions } from './router-options.ts'
import { type RouterSnapshot, takeSnapshot } from './router-snapshot.ts'
import type { TokenOwner } from './token/consistency-token.ts'
import type { WalPosition } from './token/wal-position.ts'

/** How long a read that is shed waits for one of the few connections to the primary: who is to be refused is refused soon. */
const SHED_WAIT_MS = 40

/** Sends reads to replicas, and everything else to the primary. Made by {@link createRouter}; for one database object. */
export class Router {
  /** @internal */
  readonly rules: RouterRules
  #fleet: Fleet | undefined

  /** @internal */
  get [MADE](): Made {
    return 'router'
  }

  /** @internal use {@link createRouter} */
  constructor(options?: RouterOptions) {
    this.rules = resolveRouter(options)
  }

  /** How the servers stand, and where work has gone so far. Never changes afterwards. */
  snapshot(): RouterSnapshot {
    return takeSnapshot(this.#fleet)
  }

  /** @internal How long reads wait that are shed, and how many: a queue that is short, and shared between tenants. */
  get bulkheadRules(): { readonly maxQueueMs: number; readonly admission: AdmissionRules } {
    const { maxConcurrent } = this.rules
    const maxQueuePerTenant = Math.max(1, Math.ceil(maxConcurrent / 2))
    return { maxQueueMs: SHED_WAIT_MS, admission: { maxQueue: 4 * maxConcurrent, maxQueuePerTenant } }
  }

  /** @internal @throws {ConfigError} by a second database object */
  attach(parts: FleetParts): void {
    if (this.#fleet) {
      throw new ConfigError(
        'options.router is in use by another database object. Make one for each by createRouter().',
      )
    }
    this.#fleet = new Fleet(this.rules, parts)
  }

  /** @internal */
  reader(owner: TokenOwner, token: string | undefined, onToken: TokenListener | undefined): Reader {
    if (onToken !== undefined && !this.rules.tokens.keys) {
      throw new ConfigError(
        'onToken needs keys to sign tokens with: createRouter({ tokens: { keys: [randomBytes(32)] } }), the same in every process.',
      )
    }
    return new Reader(this.rules.tokens, owner, token, onToken)
  }

  /** @internal One that has seen a position, and of whom nothing is kept. */
  readerOf(position: WalPosition, owner: TokenOwner): Reader {
    const reader = new Reader(
      { ...this.rules.tokens, keys: undefined, store: undefined },
      owner,
      undefined,
      undefined,
    )
    reader.mustSee(position)
    return reader
  }

  /** @internal */
  callRouting(options: CallRoutingOptions): CallRouting {
    if (!this.#fleet) throw new ConfigError('The router was not given to createLeasehold().')
    return new CallRouting(this.#fleet, options)
  }

  /** @internal */
  close(): void {
    this.#fleet?.close()
  }
}

/**
 * Makes the router of one database object.
 *
 * @throws {ConfigError}
 */
export function createRouter(options: RouterOptions = {}): Router {
  return new Router(options)
}
