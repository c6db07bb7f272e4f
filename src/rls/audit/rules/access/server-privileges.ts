import type { Severity } from '../../../finding.ts'

/** What a role that a server brings with it, or a managed service, can do past the policies. */
export interface ServerPrivilege {
  readonly severity: Severity
  /** Ends a sentence that begins with "With it a session". */
  readonly allows: string
}

const administers = (service: string): ServerPrivilege => ({
  severity: 'error',
  allows: `may do what ${service} leaves of a superuser: grant itself roles, and make ones that replicate or bypass policies`,
})

/**
 * Roles by name. Ran on 15 and 18 for those of PostgreSQL; those of managed services are known by their documentation.
 * pg_signal_backend, pg_checkpoint, pg_maintain and pg_read_all_settings show no rows.
 *
 * @see https://www.postgresql.org/docs/current/predefined-roles.html
 */
export const SERVER_ROLES: Readonly<Record<string, ServerPrivilege>> = {
  pg_execute_server_program: {
    severity: 'error',
    allows:
      "runs programs as the server's user (COPY FROM PROGRAM), which can log in as a superuser or read the data files",
  },
  pg_write_server_files: {
    severity: 'error',
    allows:
      'overwrites files of the server (COPY TO), such as pg_hba.conf and postgresql.auto.conf, and makes itself superuser',
  },
  pg_read_server_files: {
    severity: 'warning',
    allows:
      'reads text files of the server (COPY FROM): logs with the values of other tenants, keys, pg_hba.conf',
  },
  pg_read_all_data: {
    severity: 'warning',
    allows:
      'reads every table, view and partition without being granted it. Policies hold; whatever has none is open',
  },
  pg_write_all_data: {
    severity: 'warning',
    allows:
      'changes every table and partition without being granted it. Policies hold; whatever has none is open',
  },
  pg_monitor: {
    severity: 'warning',
    allows: "reads all roles' statements in pg_stat_activity and pg_stat_statements, with the values in them",
  },
  pg_read_all_stats: {
    severity: 'warning',
    allows: "reads all roles' statements in pg_stat_activity and pg_stat_statements, with the values in them",
  },
  rds_superuser: administers('Amazon RDS'),
  cloudsqlsuperuser: administers('Google Cloud SQL'),
  alloydbsuperuser: administers('Google AlloyDB'),
  azure_pg_admin: administers('Azure Database for PostgreSQL'),
  neon_superuser: administers('Neon'),
  rds_replication: {
    severity: 'error',
    allows:
      'reads the changes of every table, whatever its policies, through logical replication (Amazon RDS)',
  },
}

/**
 * Functions of pg_catalog that only superusers may call until they are granted; each reads or writes any file in the data directory.
 * A table's file holds its rows, and pg_read_binary_file() gives it out as it is (ran).
 */
export const FILE_FUNCTIONS: readonly string[] = [
  'lo_export',
  'lo_import',
  'pg_read_binary_file',
  'pg_read_file',
]
