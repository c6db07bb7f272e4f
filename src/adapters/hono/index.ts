export type { Identity } from '../request-scope.ts'
export { type HttpStatus, statusOf } from '../status-of.ts'
export { type TokenCarrier, tokenCookie, tokenHeader } from '../token-carrier.ts'
export { type LeaseholdMiddlewareOptions, leasehold } from './middleware.ts'
export {
  type TransactionHandler,
  type TransactionHandlerOptions,
  tenantTransaction,
} from './transaction-handler.ts'
