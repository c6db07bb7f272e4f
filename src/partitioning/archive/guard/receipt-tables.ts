/** Receipts and seals: rows are added and never changed. They belong to who installs the guard, and not to the owner of partitions. */
export const RECEIPT_TABLES: readonly string[] = [
  'create schema if not exists leasehold;',
  'create schema if not exists leasehold_guard;',
  `create table if not exists leasehold_guard.guarded_schema (
  schema_name text primary key
);`,
  `create table if not exists leasehold_guard.detached_table (
  table_oid oid primary key,
  partition text not null,
  noted_at timestamptz not null default pg_catalog.clock_timestamp()
);`,
  `create table if not exists leasehold_guard.partition_receipt (
  id bigint generated always as identity primary key,
  table_name text not null,
  partition text not null,
  table_oid oid not null,
  filenode oid not null,
  manifest_uri text not null,
  manifest_sha256 text not null check (manifest_sha256 ~ '^[0-9a-f]{64}$'),
  previous_sha256 text check (previous_sha256 ~ '^[0-9a-f]{64}$'),
  rows bigint not null check (rows >= 0),
  bytes bigint not null check (bytes >= 0),
  rows_sha256 text not null check (rows_sha256 ~ '^[0-9a-f]{64}$'),
  archived_at timestamptz not null default pg_catalog.clock_timestamp(),
  archived_by name not null default session_user,
  unique (table_oid, filenode, manifest_sha256)
);`,
  `create table if not exists leasehold.sealed_partition (
  id bigint generated always as identity primary key,
  table_name text not null,
  partition text not null,
  low_us bigint,
  high_us bigint,
  tenant_column text not null,
  columns jsonb not null,
  row_order jsonb not null,
  schema_hash text not null,
  tenants_keyed boolean not null,
  tenants bigint not null,
  rows bigint not null,
  seal text not null check (seal ~ '^[0-9a-f]{64}$'),
  sealed_at timestamptz not null default pg_catalog.clock_timestamp(),
  sealed_by name not null default session_user,
  unique nulls not distinct (table_name, low_us, high_us)
);`,
  `create table if not exists leasehold.partition_seal (
  id bigint generated always as identity primary key,
  sealed_id bigint not null references leasehold.sealed_partition,
  table_name text not null,
  tenant text not null check (tenant ~ '^[0-9a-f]{64}$'),
  rows bigint not null check (rows > 0),
  root text not null check (root ~ '^[0-9a-f]{64}$'),
  chunks bytea not null,
  previous text check (previous ~ '^[0-9a-f]{64}$'),
  seal text not null check (seal ~ '^[0-9a-f]{64}$'),
  unique (sealed_id, tenant),
  unique nulls not distinct (table_name, tenant, previous)
);`,
  'revoke all on leasehold_guard.guarded_schema, leasehold_guard.detached_table, leasehold_guard.partition_receipt from public;',
  'revoke all on leasehold.sealed_partition, leasehold.partition_seal from public;',
]
