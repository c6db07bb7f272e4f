import { quoteName, quoteText } from '../../../rls/sql/quote.ts'
import type { PartitionSet } from '../../definition/partition-options.ts'
import { GUARD_FUNCTIONS } from './guard-functions.ts'
import { RECEIPT_TABLES } from './receipt-tables.ts'

/** Who works with the guarded database. */
export interface GuardRoles {
  /** Reads partitions and notes receipts: LOGIN BYPASSRLS, and nothing else. */
  readonly archiver: string
  /** Owns the partitions; the job is a member of it. It may read receipts, and write none. */
  readonly owner: string
}

/** Tables that were detached before there was a guard. */
const NOTE_PRESENT = `insert into leasehold_guard.detached_table (table_oid, partition)
select c.oid, c.relname from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and n.nspname in (select g.schema_name from leasehold_guard.guarded_schema g)
on conflict do nothing;`

/**
 * The statements by which the database itself refuses to drop a table that was ever in the schema of detached partitions, unless the
 * archive noted a receipt for it; and the tables of receipts and seals. Run all of it in one transaction, as a superuser, or on a
 * managed service as the role that may make event triggers (such as `rds_superuser`): a role that the job is a member of could take
 * the guard away again. They may be run again at any time.
 *
 * What it does not stop: a superuser; `TRUNCATE` by the owner; and `DROP DATABASE`, at which no trigger fires.
 *
 * @see https://www.postgresql.org/docs/current/event-trigger-definition.html
 */
export function dropGuardSql(set: PartitionSet, roles: GuardRoles): string[] {
  const archiver = quoteName(roles.archiver)
  const owner = quoteName(roles.owner)
  return [
    ...RECEIPT_TABLES,
    ...GUARD_FUNCTIONS,
    'drop event trigger if exists leasehold_drop_guard;',
    'create event trigger leasehold_drop_guard on sql_drop execute function leasehold_guard.refuse_drop();',
    'drop event trigger if exists leasehold_detached_guard;',
    "create event trigger leasehold_detached_guard on ddl_command_end when tag in ('ALTER TABLE') execute function leasehold_guard.note_detached();",
    `insert into leasehold_guard.guarded_schema (schema_name) values (${quoteText(set.detachedSchema)}) on conflict do nothing;`,
    NOTE_PRESENT,
    `grant usage on schema leasehold_guard to ${archiver}, ${owner};`,
    `grant usage on schema leasehold to ${archiver};`,
    `grant usage, create on schema leasehold to ${owner};`,
    `grant select, insert on leasehold_guard.partition_receipt to ${archiver};`,
    `grant select on leasehold_guard.partition_receipt to ${owner};`,
    `grant select, insert on leasehold.sealed_partition, leasehold.partition_seal to ${archiver};`,
    `grant select on leasehold.sealed_partition, leasehold.partition_seal to ${owner};`,
  ]
}
