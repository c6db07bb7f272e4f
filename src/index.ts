export type { SettingValues } from './context/settings.ts'
export { bigint, slug, type TenantId, type TenantParser, uuid } from './context/tenant-id.ts'
export {
  AcquireTimeoutError,
  ClosedError,
  CommitUnknownError,
  ConfigError,
  ConnectError,
  ConnectionLostError,
  DeadlineError,
  FloatingQueryError,
  ForbiddenStatementError,
  LeaseholdError,
  NestingError,
  PoisonedBackendError,
  ProtocolDesyncError,
  SettingInvalidError,
  StatementInvalidError,
  TenantInvalidError,
  TenantMismatchError,
  TenantRequiredError,
  TransactionAbortedError,
  TransactionStateError,
} from './errors/index.ts'
export { createLeasehold, type Leasehold } from './leasehold.ts'
export type { CallOptions, LeaseholdOptions, TransactionOptions } from './options/options.ts'
export type { PgClient, PgPool, PoolOptions } from './pool/pg-pool.ts'
export type { TenantHandle } from './query/tenant-handle.ts'
export type { AcquireEvent, AlarmEvent, WorkEvent } from './telemetry.ts'
export type { Isolation } from './transaction/begin.ts'
export type { TenantTransaction } from './transaction/handle.ts'
export type { TenantCallback } from './transaction/with-tenant.ts'
export type { FieldDescription, QueryResult } from './wire/pg-internals.ts'
export type { StatementInput, TypeParsers } from './wire/statement.ts'
export { withTenant } from './with-tenant.ts'
