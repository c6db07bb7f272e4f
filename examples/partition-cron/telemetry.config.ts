import type { PartitionOptions } from 'leasehold/partitioning'

const partitions: PartitionOptions = {
  // The schema of examples/telemetry-api.
  schema: 'public',
  partsSchema: 'event_months',
  detachedSchema: 'events_detached',
  appRole: 'telemetry_app',
  tables: {
    events: {
      key: 'at',
      keyType: 'timestamptz',
      every: 'month',
      premake: 3,
      // A year and a month, so that each month can be set beside that of the year before.
      retain: { months: 13 },
      graceDays: 14,
      archive: { format: 'parquet', sink: process.env.ARCHIVE_SINK ?? 'file:///var/lib/leasehold/archive' },
    },
  },
}

export default { partitions }
