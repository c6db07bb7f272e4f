/*
 * Every error that leasehold throws, by code. Errors of PostgreSQL itself are not among them: they pass unwrapped.
 */
export { ConfigError } from './config.ts'
export {
  AcquireTimeoutError,
  ConnectError,
  ConnectionLostError,
  DeadlineError,
  type PoolCounts,
  type QueueCounts,
  QueueFullError,
} from './connection.ts'
export { ForEachTenantError, type TenantFailure, type TenantTally } from './for-each.ts'
export { ForbiddenStatementError } from './forbidden-statement.ts'
export { LeaseholdError, type LeaseholdErrorOptions } from './leasehold-error.ts'
export {
  AfterCommitError,
  AlreadyAppliedError,
  ClosedError,
  type CommitOutcome,
  CommitUnknownError,
  FloatingQueryError,
  NestingError,
  TransactionAbortedError,
} from './outcome.ts'
export { type Poison, PoisonedBackendError, ProtocolDesyncError, TransactionStateError } from './protocol.ts'
export { type RlsGap, RlsNotEnforcedError } from './rls.ts'
export { ResultUnreadableError, StatementInvalidError } from './statement.ts'
export { ReasonRequiredError } from './system.ts'
export {
  ScopeRequiredError,
  SettingInvalidError,
  TenantInvalidError,
  TenantMismatchError,
  TenantRequiredError,
} from './tenant.ts'
export { UnsupportedError } from './unsupported.ts'
