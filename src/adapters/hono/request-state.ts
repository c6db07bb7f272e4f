import type { Context } from 'hono'
import type { RequestScope } from '../request-scope.ts'

/** Not a variable of the context, where anybody could put another. */
const scopes = new WeakMap<Context, RequestScope>()

export function keepScope(context: Context, scope: RequestScope): void {
  scopes.set(context, scope)
}

export function scopeOf(context: Context): RequestScope | undefined {
  return scopes.get(context)
}
