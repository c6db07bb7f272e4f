import { AsyncLocalStorage } from 'node:async_hooks'
import { ScopeRequiredError, TenantMismatchError } from '../errors/tenant.ts'
import type { Scope } from './scope.ts'

/**
 * The scopes of one database object, each seen by the code that runs in it and by nothing else. A store of its own, so that
 * two databases in one process do not take their tenants from each other.
 */
export class Scopes<Reader = unknown> {
  // Only `run`, never `enterWith`, which would go on in whatever the same event calls next.
  readonly #store = new AsyncLocalStorage<Scope<Reader>>()

  /**
   * Runs a callback in a scope. What the scope leaves `undefined` is taken from the one around it.
   *
   * @throws {TenantMismatchError} the scope around it is another tenant's; the callback is not called
   */
  run<T>(scope: Scope<Reader>, callback: () => T): T {
    const outer = this.#store.getStore()
    if (outer && outer.tenant !== scope.tenant) {
      throw new TenantMismatchError(
        'run() was called for one tenant inside the scope of another. Leave the outer scope first, or work on the ' +
          'handle of the other tenant: tenant(id).',
      )
    }
    const inner: Scope<Reader> = Object.freeze({
      tenant: scope.tenant,
      settings: scope.settings ?? outer?.settings,
      method: scope.method ?? outer?.method,
      httpRoute: scope.httpRoute ?? outer?.httpRoute,
      reader: scope.reader ?? outer?.reader,
      guard: scope.guard ?? outer?.guard,
    })
    return this.#store.run(inner, callback)
  }

  /** Runs a callback in no scope, whatever is around it. */
  leave<T>(callback: () => T): T {
    return this.#store.exit(callback)
  }

  /** The scope around the caller, if there is one. */
  find(): Scope<Reader> | undefined {
    return this.#store.getStore()
  }

  /** @throws {ScopeRequiredError} and what the scope's guard throws */
  current(): Scope<Reader> {
    const scope = this.find()
    if (scope) {
      scope.guard?.()
      return scope
    }
    throw new ScopeRequiredError(
      'current() was called outside run(), so no tenant is known. Start the work inside run({ tenant }, callback), as an ' +
        'adapter does for each request; if it was, the context was lost on the way, as by a callback of a library ' +
        'that queues its work: wrap that callback in AsyncResource.bind().',
    )
  }
}
