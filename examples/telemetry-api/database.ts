import type { Database as ClinicDatabase } from '@clinic/schema'
import type { ColumnType, Generated } from 'kysely'

/** @see schema/03-events.sql */
export interface EventsTable {
  tenant_id: Generated<string>
  at: ColumnType<Date, never, never>
  id: Generated<string>
  happened_at: ColumnType<Date, Date | string, never>
  kind: ColumnType<string, string, never>
  source: ColumnType<string, string, never>
  value: ColumnType<number | null, number | null | undefined, never>
  user_id: ColumnType<string, never, never>
}

/** The tables of the telemetry's own database. */
export interface TelemetryDatabase extends Pick<ClinicDatabase, 'organization_domains'> {
  events: EventsTable
}
