/** The server, its clock, and which of what the job needs is there. */
export const SERVER = `select pg_catalog.json_build_object(
  'nowUs', pg_catalog.trunc(extract(epoch from pg_catalog.clock_timestamp()) * 1000000)::text,
  'serverVersion', pg_catalog.current_setting('server_version_num')::int,
  'inRecovery', pg_catalog.pg_is_in_recovery(),
  'ledger', pg_catalog.to_regclass('leasehold.partition_ledger') is not null)::text as fact`

export interface ServerFact {
  readonly nowUs: string
  readonly serverVersion: number
  readonly inRecovery: boolean
  readonly ledger: boolean
}
