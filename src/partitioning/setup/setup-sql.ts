import { quoteName, quoteText } from '../../rls/sql/quote.ts'
import { dropGuardSql } from '../archive/guard/drop-guard-sql.ts'
import type { PartitionSet } from '../definition/partition-options.ts'

/** Who works on partitions, beside the application. */
export interface PartitionRoles {
  /** Owns the partitioned tables and their partitions; exists, as the role of migrations. */
  readonly owner: string
  /** Logs in for the job: a member of the owner, and subject to policies. */
  readonly job: string
  /** Logs in to read what is archived: sees every row of every table, and changes none. */
  readonly archiver: string
}

/**
 * What a superuser, or the administrator of a managed service, runs once: the job's roles, the schemas that nobody but the owner can use, and
 * the guard that keeps the database from dropping a month without an archive. In one transaction; it may be run again at any time.
 *
 * The archiver reads by `pg_read_all_data`, so that neither the schemas nor the partitions are granted to anybody.
 *
 * @see https://www.postgresql.org/docs/current/predefined-roles.html
 */
export function setupSql(set: PartitionSet, { owner, job, archiver }: PartitionRoles): readonly string[] {
  return [
    createRole(job),
    `alter role ${quoteName(job)} login nosuperuser nobypassrls nocreatedb nocreaterole noreplication inherit;`,
    `grant ${quoteName(owner)} to ${quoteName(job)};`,
    createRole(archiver),
    `alter role ${quoteName(archiver)} login bypassrls nosuperuser nocreatedb nocreaterole noreplication;`,
    `grant pg_read_all_data to ${quoteName(archiver)};`,
    ...[set.partsSchema, set.detachedSchema].flatMap((schema) => [
      `create schema if not exists ${quoteName(schema)} authorization ${quoteName(owner)};`,
      `revoke all on schema ${quoteName(schema)} from public;`,
    ]),
    ...dropGuardSql(set, { archiver, owner }),
  ]
}

/** There is no CREATE ROLE IF NOT EXISTS, and roles belong to the whole server: another database may have made it. */
function createRole(role: string): string {
  const missing = `not exists (select from pg_catalog.pg_roles where rolname = ${quoteText(role)})`
  return `do $leasehold$ begin if ${missing} then create role ${quoteName(role)}; end if; end $leasehold$;`
}
