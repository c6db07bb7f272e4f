export type { Identity } from '../request-scope.ts'
export { type HttpStatus, statusOf } from '../status-of.ts'
export {
  type DatabaseSource,
  type LeaseholdNextOptions,
  leasehold,
  type NextScopeOptions,
  type NextScopes,
  type NextTransactionOptions,
  type RouteHandler,
} from './leasehold.ts'
export type { NextCookie, NextCookies, NextFunctions } from './next-functions.ts'
