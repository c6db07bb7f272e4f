import type { PartitionRule } from '../partition-rule.ts'
import { archiveMissing } from './archive-missing.ts'
import { defaultPartition } from './default-partition.ts'
import { defaultPrivileges } from './default-privileges.ts'
import { detachPending } from './detach-pending.ts'
import { detachedUnrecorded } from './detached-unrecorded.ts'
import { foreignKeyUnmanaged } from './foreign-key-unmanaged.ts'
import { indexInvalid } from './index-invalid.ts'
import { monthsAheadMissing } from './months-ahead-missing.ts'
import { parentRowSecurity } from './parent-row-security.ts'
import { partitionElsewhere } from './partition-elsewhere.ts'
import { partitionGap } from './partition-gap.ts'
import { partitionGrants } from './partition-grants.ts'
import { partitionOverlap } from './partition-overlap.ts'
import { partitionOwner } from './partition-owner.ts'
import { partitionPolicies } from './partition-policies.ts'
import { partitionRowSecurity } from './partition-row-security.ts'
import { publicationParity } from './publication-parity.ts'
import { replicaIdentityParity } from './replica-identity-parity.ts'
import { schemaReachable } from './schema-reachable.ts'
import { tableNotPartitioned } from './table-not-partitioned.ts'

/** Every rule, in the order in which a check reports. */
export const PARTITION_RULES: readonly PartitionRule[] = [
  tableNotPartitioned,
  parentRowSecurity,
  partitionGap,
  partitionOverlap,
  monthsAheadMissing,
  partitionRowSecurity,
  partitionPolicies,
  partitionGrants,
  partitionElsewhere,
  defaultPartition,
  detachPending,
  partitionOwner,
  indexInvalid,
  foreignKeyUnmanaged,
  detachedUnrecorded,
  archiveMissing,
  schemaReachable,
  defaultPrivileges,
  publicationParity,
  replicaIdentityParity,
]
