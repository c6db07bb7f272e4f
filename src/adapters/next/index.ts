export type { Identity } from '../request-scope.ts'
export { type HttpStatus, statusOf } from '../status-of.ts'
export {
  leasehold,
  type NextScopeOptions,
  type NextScopes,
  type NextTransactionOptions,
  type RouteHandler,
} from './leasehold.ts'
export type { NextCookie, NextCookies, NextFunctions } from './next-functions.ts'
export type { DatabaseSource, LeaseholdNextOptions } from './next-options.ts'
