export { planAdopt } from './adopt/plan-adopt.ts'
export type { ArchiveClient, ArchiveQuery } from './archive/archive-client.ts'
export { ArchiveError, type ArchiveFailure } from './archive/archive-error.ts'
export type { ArchiveOptions, ArchiveProgress } from './archive/archive-options.ts'
export { archivePartition } from './archive/archive-partition.ts'
export type { ArchiveReceipt } from './archive/archive-receipt.ts'
export type { ArchivedPartition } from './archive/archived-partition.ts'
export { dropGuardSql, type GuardRoles } from './archive/guard/drop-guard-sql.ts'
export type { ArchiveSink } from './archive/sink/archive-sink.ts'
export { openSink } from './archive/sink/open-sink.ts'
export { type VerifyArchiveOptions, verifyArchive } from './archive/verify-archive.ts'
export type {
  DefaultPrivilege,
  ForeignKey,
  Leaf,
  LooseTable,
  ParentState,
  PartitionCatalog,
  RelationState,
  ReplicaIdentity,
  SchemaState,
  TableState,
} from './catalog/partition-catalog.ts'
export { readCatalog } from './catalog/read-catalog.ts'
export { checkPartitions } from './check/check-partitions.ts'
export type { CheckSubject, PartitionRule } from './check/partition-rule.ts'
export { PARTITION_RULES } from './check/rules/index.ts'
export { type ConvertOptions, planConvert } from './convert/plan-convert.ts'
export { planUnconvert } from './convert/plan-unconvert.ts'
export { definePartitions } from './definition/define-partitions.ts'
export type {
  ArchiveRules,
  KeyType,
  PartitionedTable,
  PartitionedTableOptions,
  PartitionOptions,
  PartitionSet,
} from './definition/partition-options.ts'
export { type HeldPartition, type HoldOptions, heldPartitions, planHold } from './hold/plan-hold.ts'
export type { LedgerRow, LedgerState } from './ledger/ledger-row.ts'
export { planPartitions } from './plan/plan-partitions.ts'
export { explainLocks, printPlan } from './plan/print-plan.ts'
export type { ExpectedLock, PartitionPlan, PartitionStep, Phase, PlanRefusal } from './plan/step.ts'
export {
  type PartitionReadiness,
  partitionReadiness,
  type ReadinessOptions,
  type TableReadiness,
} from './readiness/partition-readiness.ts'
export { attachSteps, reattachSteps } from './restore/attach-steps.ts'
export { type LoadedArchive, loadArchive } from './restore/load-archive.ts'
export type { LoadOptions, RestoreClient } from './restore/load-options.ts'
export type { RestoredPartition, RestoreTarget } from './restore/restore-target.ts'
export { applyPlan } from './run/apply-plan.ts'
export type { SealBreak, SealFinding } from './seal/compare-seal.ts'
export { printFinding } from './seal/print-finding.ts'
export { type SealOptions, sealPartition, verifyPartition } from './seal/seal-partition.ts'
export { type PartitionRoles, setupSql } from './setup/setup-sql.ts'
