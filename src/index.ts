/// <reference lib="esnext.disposable" preserve="true" />
export type { AdmissionRules } from './admission/admission-rules.ts'
export type { Health, ServerHealth } from './check-health.ts'
export type { SettingValues } from './context/settings.ts'
export { bigint, slug, type TenantId, type TenantParser, uuid } from './context/tenant-id.ts'
export {
  AcquireTimeoutError,
  AfterCommitError,
  AlreadyAppliedError,
  ClosedError,
  type CommitOutcome,
  CommitUnknownError,
  ConfigError,
  ConnectError,
  ConnectionLostError,
  DeadlineError,
  FloatingQueryError,
  ForbiddenStatementError,
  ForEachTenantError,
  LeaseholdError,
  NestingError,
  PoisonedBackendError,
  ProtocolDesyncError,
  QueueFullError,
  ReadRefusedError,
  ReasonRequiredError,
  ResultUnreadableError,
  type RlsGap,
  RlsNotEnforcedError,
  ScopeRequiredError,
  SettingInvalidError,
  StatementInvalidError,
  type TenantFailure,
  TenantInvalidError,
  TenantMismatchError,
  TenantRequiredError,
  TransactionAbortedError,
  TransactionStateError,
  UnsupportedError,
  WriteInReadError,
} from './errors/index.ts'
export { createLeasehold, type Leasehold } from './leasehold.ts'
export type { CallOptions, LeaseholdOptions, ReaderOptions, TransactionOptions } from './options/options.ts'
export type {
  CloseOptions,
  CurrentOptions,
  ForEachTenantOptions,
  HealthOptions,
  RunOptions,
  SharedOptions,
  SystemOptions,
} from './options/scope-options.ts'
export type { AuditOnStart, VerifyOptions } from './options/verify-options.ts'
export type { PgClient, PgPool, PoolOptions } from './pool/pg-pool.ts'
export type { PoolSnapshot, TenantQueueLength } from './pool/pool-snapshot.ts'
export type { BatchQueries, BatchQuery, BatchRows } from './query/batch-queries.ts'
export type { KyselyOptions } from './query/kysely-parts.ts'
export type { ReadQueries } from './query/read-queries.ts'
export type { TenantCallback, TenantReadCallback } from './query/tenant-callback.ts'
export type { TenantHandle } from './query/tenant-handle.ts'
export type {
  ReadTransactionBuilder,
  TenantReader,
  TenantReadHandle,
  TenantReadTransaction,
} from './query/tenant-reader.ts'
export type { TenantTransaction } from './query/tenant-transaction.ts'
export type { TenantTransactionBuilder } from './query/tenant-transaction-builder.ts'
export type { Router } from './router/router.ts'
export type { ReadChoice, ReplicaOptions } from './router/router-options.ts'
export type {
  AcquireEvent,
  AlarmEvent,
  Route,
  RouteReason,
  SystemEvent,
  WarningEvent,
  WorkEvent,
} from './telemetry.ts'
export type { Isolation } from './transaction/begin.ts'
export { type ReceiptTableOptions, receiptTableSql } from './transaction/receipt-table.ts'
export type { RetryRules } from './transaction/retry.ts'
export type {
  AfterCommitHook,
  TransactionCallback,
  TransactionControl,
} from './transaction/tenant-transaction.ts'
export type { FieldDescription, QueryResult, TypeParsers } from './wire/pg-internals.ts'
export type { StatementInput } from './wire/statement.ts'
export { withTenant } from './with-tenant.ts'
