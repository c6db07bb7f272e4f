import type { Request } from 'express'
import type { RequestScope } from '../request-scope.ts'

const scopes = new WeakMap<Request, RequestScope>()

export function keepScope(request: Request, scope: RequestScope): void {
  scopes.set(request, scope)
}

export function scopeOf(request: Request): RequestScope | undefined {
  return scopes.get(request)
}
