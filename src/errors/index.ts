/*
 * Every error that leasehold throws, by code. Errors of PostgreSQL itself are not among them: they pass unwrapped.
 *
 * LSH_ERR_ACQUIRE_TIMEOUT      AcquireTimeoutError
 * LSH_ERR_AFTER_COMMIT         AfterCommitError
 * LSH_ERR_ALREADY_APPLIED      AlreadyAppliedError
 * LSH_ERR_CACHE_DEFINITION     CacheDefinitionError
 * LSH_ERR_CACHE_OVERLOADED     CacheOverloadedError
 * LSH_ERR_CACHE_UNAVAILABLE    CacheUnavailableError
 * LSH_ERR_CACHE_VALUE          CacheValueError
 * LSH_ERR_CLOSED               ClosedError
 * LSH_ERR_COMMIT_UNKNOWN       CommitUnknownError
 * LSH_ERR_CONFIG               ConfigError
 * LSH_ERR_CONNECT              ConnectError
 * LSH_ERR_CONNECTION_LOST      ConnectionLostError
 * LSH_ERR_DEADLINE             DeadlineError
 * LSH_ERR_FLOATING_QUERY       FloatingQueryError
 * LSH_ERR_FORBIDDEN_STATEMENT  ForbiddenStatementError
 * LSH_ERR_FOR_EACH             ForEachTenantError
 * LSH_ERR_NESTING              NestingError
 * LSH_ERR_PARTITION_BUSY       PartitionBusyError
 * LSH_ERR_PARTITION_REFUSED    PartitionRefusedError
 * LSH_ERR_PARTITION_STEP       PartitionStepError
 * LSH_ERR_POISONED_BACKEND     PoisonedBackendError
 * LSH_ERR_PROTOCOL_DESYNC      ProtocolDesyncError
 * LSH_ERR_QUEUE_FULL           QueueFullError
 * LSH_ERR_READ_REFUSED         ReadRefusedError
 * LSH_ERR_REASON_REQUIRED      ReasonRequiredError
 * LSH_ERR_RESULT_UNREADABLE    ResultUnreadableError
 * LSH_ERR_RLS_NOT_ENFORCED     RlsNotEnforcedError
 * LSH_ERR_SCOPE_REQUIRED       ScopeRequiredError
 * LSH_ERR_SETTING_INVALID      SettingInvalidError
 * LSH_ERR_STATEMENT_INVALID    StatementInvalidError
 * LSH_ERR_TENANT_INVALID       TenantInvalidError
 * LSH_ERR_TENANT_MISMATCH      TenantMismatchError
 * LSH_ERR_TENANT_REQUIRED      TenantRequiredError
 * LSH_ERR_TX_ABORTED           TransactionAbortedError
 * LSH_ERR_TX_STATE             TransactionStateError
 * LSH_ERR_UNSUPPORTED          UnsupportedError
 * LSH_ERR_WRITE_IN_READ        WriteInReadError
 *
 * Beside what they are about, and not exported here:
 *
 * LSH_ERR_ARCHIVE              ArchiveError, partitioning/archive/archive-error.ts
 * LSH_ERR_COMMAND              CommandError, cli/command-error.ts
 * LSH_ERR_PARTITION_LOST       PartitionLostError, partitioning/run/partition-lost-error.ts
 * LSH_ERR_RIG                  RigError, testing/rig/rig-error.ts
 * LSH_ERR_RIG_PROVISION        RigProvisionError, testing/rig/provision/rig-provision-error.ts
 * LSH_ERR_ROLLOUT              RolloutError, rls/rollout/rollout-error.ts
 * LSH_ERR_SCHEMA_REFUSED       SchemaRefusedError, rls/policy/schema-refused-error.ts
 */
export {
  CacheDefinitionError,
  CacheOverloadedError,
  CacheUnavailableError,
  type CacheUnavailableReason,
  CacheValueError,
} from './cache.ts'
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
export {
  PartitionBusyError,
  type PartitionRefusal,
  PartitionRefusedError,
  PartitionStepError,
} from './partition.ts'
export { type Poison, PoisonedBackendError, ProtocolDesyncError, TransactionStateError } from './protocol.ts'
export { type RlsGap, RlsNotEnforcedError } from './rls.ts'
export { ReadRefusedError, WriteInReadError } from './routing.ts'
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
