import { quoteName, quoteText } from '../../rls/sql/quote.ts'

const MAKE_TABLE = `create table if not exists leasehold.partition_ledger (
  "table" text not null,
  partition text not null,
  oid oid not null,
  low_us bigint,
  high_us bigint,
  state text not null check (state in ('staged', 'attached', 'retiring', 'detached', 'archived', 'dropped')),
  archive_uri text,
  rows bigint check (rows >= 0),
  sha256 text,
  detached_at timestamptz,
  drop_after timestamptz,
  hold text,
  updated_at timestamptz not null default pg_catalog.now(),
  primary key ("table", oid)
);`

/**
 * The statements that make the ledger: one row a partition, by the oid of its table. Row security without a policy and no grants, so that
 * nobody but the owner and its members reads or writes it, whatever is granted on all tables later on. They may be run again.
 *
 * @param owner of the partitioned tables; nothing leaves it to whoever runs this
 */
export function ledgerTable(owner?: string): readonly string[] {
  return [
    makeSchema(owner),
    MAKE_TABLE,
    ...(owner === undefined ? [] : [`alter table leasehold.partition_ledger owner to ${quoteName(owner)};`]),
    'alter table leasehold.partition_ledger enable row level security;',
    'revoke all on table leasehold.partition_ledger from public;',
  ]
}

/**
 * CREATE SCHEMA asks for CREATE on the database also where the schema is there (IF NOT EXISTS), which the owner need not have. It becomes the
 * owner's, which could own no table in it otherwise.
 */
function makeSchema(owner: string | undefined): string {
  const whose = owner === undefined ? '' : ` authorization ${quoteName(owner)}`
  const make = quoteText(`create schema leasehold${whose}`).trimStart()
  return `do ${quoteText(` begin if pg_catalog.to_regnamespace('leasehold') is null then execute ${make}; end if; end `).trimStart()};`
}
