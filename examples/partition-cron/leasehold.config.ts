import type { PartitionOptions } from 'leasehold/partitioning'

const partitions: PartitionOptions = {
  // The schema of examples/schema.
  schema: 'public',
  partsSchema: 'audit_log_months',
  detachedSchema: 'audit_log_detached',
  appRole: 'app',
  tables: {
    audit_log: {
      key: 'at',
      keyType: 'timestamptz',
      every: 'month',
      // A quarter ahead: the job may be dead for two months before anything is refused, and readiness says so after one.
      premake: 3,
      retain: { months: 84 },
      graceDays: 14,
      archive: { format: 'ndjson.gz', sink: process.env.ARCHIVE_SINK ?? 'file:///var/lib/leasehold/archive' },
    },
  },
}

export default { partitions }
