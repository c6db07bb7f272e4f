import { quoteName, quoteText } from '../../rls/sql/quote.ts'
import { boundCheckName } from '../plan/premake/bound-check.ts'
import { type Noted, noteAnew } from '../plan/sql/ledger-notes.ts'
import { instantLiteral } from './instant-literal.ts'
import type { RestoredPartition, RestoreTarget } from './restore-target.ts'

const HOLD = 'restored from its archive'

/** Makes the table, with the parent's columns, defaults, CHECKs and indexes, and nobody's privileges. */
export function makeTable(target: RestoreTarget, partition: RestoredPartition): string[] {
  const table = tableOf(target, partition)
  const parent = `${quoteName(target.schema)}.${quoteName(target.table)}`
  return [
    // An identity of its own would keep it from being attached, since PostgreSQL 17.
    `create table ${table} (like ${parent} including all excluding identity);`,
    `alter table ${table} owner to ${quoteName(target.owner)};`,
  ]
}

/**
 * Closes the table once its rows are in: as long as row security is not forced, it is seen by nobody else, since the transaction is
 * not committed.
 */
export function closeTable(target: RestoreTarget, partition: RestoredPartition): string[] {
  const table = tableOf(target, partition)
  return [
    `alter table ${table} add constraint ${checkOf(partition)} check (${boundsCheck(target, partition)});`,
    `alter table ${table} enable row level security;`,
    `alter table ${table} force row level security;`,
    revokeAll(table, target.owner),
    noteAnew([notedOf(target, partition)], 'staged'),
    // Else the next run would retire it again, as what it is: older than what is kept.
    `update leasehold.partition_ledger set hold = ${quoteText(HOLD)} where "table" = ${quoteText(`${target.schema}.${target.table}`)} and oid = ${oidOf(table)};`,
  ]
}

/** Attaches a table of the schema of partitions. */
export function attachTable(target: RestoreTarget, partition: RestoredPartition): string {
  const { keyType } = target
  const low = partition.lowUs === undefined ? 'minvalue' : instantLiteral(partition.lowUs, keyType)
  const high = partition.highUs === undefined ? 'maxvalue' : instantLiteral(partition.highUs, keyType)
  return `alter table ${quoteName(target.schema)}.${quoteName(target.table)} attach partition ${tableOf(target, partition)} for values from (${low}) to (${high});`
}

export function dropCheck(target: RestoreTarget, partition: RestoredPartition): string {
  return `alter table ${tableOf(target, partition)} drop constraint ${checkOf(partition)};`
}

/** What the ledger calls a table of the schema of partitions. */
export function notedOf(target: RestoreTarget, partition: RestoredPartition): Noted {
  return {
    table: `${target.schema}.${target.table}`,
    partition: partition.name,
    oid: oidOf(tableOf(target, partition)),
    lowUs: partition.lowUs,
    highUs: partition.highUs,
  }
}

export function tableOf(
  target: Pick<RestoreTarget, 'partsSchema'>,
  partition: Pick<RestoredPartition, 'name'>,
): string {
  return `${quoteName(target.partsSchema)}.${quoteName(partition.name)}`
}

/** By the name that the CHECK of a new month has, so that a run which finds the table before it is attached goes on with it. */
function checkOf({ name }: RestoredPartition): string {
  return quoteName(boundCheckName(name))
}

function oidOf(table: string): string {
  return `${quoteText(table).trimStart()}::pg_catalog.regclass`
}

/** As PostgreSQL derives it from the bounds of a partition, so that it takes the one for proof of the other. */
function boundsCheck({ key, keyType }: RestoreTarget, { lowUs, highUs }: RestoredPartition): string {
  const name = quoteName(key)
  const low = lowUs === undefined ? [] : [`${name} >= ${instantLiteral(lowUs, keyType)}`]
  const high = highUs === undefined ? [] : [`${name} < ${instantLiteral(highUs, keyType)}`]
  return [`${name} is not null`, ...low, ...high].join(' and ')
}

/** Whoever default privileges have let in is turned out again. */
function revokeAll(table: string, owner: string): string {
  return `do $leasehold$
declare grantee pg_catalog.oid;
begin
  for grantee in
    select distinct acl.grantee from pg_catalog.pg_class c, pg_catalog.aclexplode(c.relacl) acl
    where c.oid = ${quoteText(table)}::pg_catalog.regclass and acl.grantee <> ${quoteText(quoteName(owner))}::pg_catalog.regrole
  loop
    execute pg_catalog.format('revoke all on table %s from %s cascade', ${quoteText(table)}::pg_catalog.regclass,
      case grantee when 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(grantee)) end);
  end loop;
end
$leasehold$;`
}
