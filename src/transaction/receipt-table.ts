import { parseSettingName } from '../context/settings.ts'
import { ConfigError } from '../errors/config.ts'
import { RECEIPTS, RECEIPTS_TABLE } from '../wire/receipt.ts'

/** What the table of receipts is made for. */
export interface ReceiptTableOptions {
  /** The setting that holds the tenant. @default 'app.tenant_id' */
  readonly tenantSetting?: string
  /** The type of a tenant's id. @default 'uuid' */
  readonly tenantType?: 'uuid' | 'bigint' | 'text'
  /** The role that the application logs in as. @default 'app' */
  readonly role?: string
}

const TENANT_TYPES: readonly unknown[] = ['uuid', 'bigint', 'text']

/**
 * The SQL of the table that the option `receipt` writes to, for a migration, which the owner of the database runs once.
 *
 * A row without a key is an attempt that `resolve()` gave up. Delete rows by `created_at` once nobody can repeat their
 * writes any more, nor ask what became of them: a few days at the least.
 *
 * @throws {ConfigError}
 */
export function receiptTableSql(options: ReceiptTableOptions = {}): string {
  const { tenantType = 'uuid', role = 'app' } = options
  if (!TENANT_TYPES.includes(tenantType)) throw new ConfigError('tenantType must be uuid, bigint or text.')
  if (typeof role !== 'string' || role === '') throw new ConfigError('role must be the name of a role.')
  const setting = parseSettingName(options.tenantSetting ?? 'app.tenant_id', 'tenantSetting')
  const tenant = `nullif(current_setting('${setting}', true), '')::${tenantType}`
  const to = `"${role.replaceAll('"', '""')}"`
  return `create schema if not exists ${RECEIPTS.schema};
create table ${RECEIPTS_TABLE} (
  tenant_id ${tenantType} not null default (${tenant}),
  attempt uuid not null,
  key text,
  created_at timestamptz not null default now(),
  constraint receipts_attempt primary key (tenant_id, attempt),
  constraint ${RECEIPTS.keyConstraint} unique (tenant_id, key)
);
alter table ${RECEIPTS_TABLE} enable row level security;
alter table ${RECEIPTS_TABLE} force row level security;
create policy tenant on ${RECEIPTS_TABLE} to ${to} using (tenant_id = (select ${tenant}));
create policy tenant_floor on ${RECEIPTS_TABLE} as restrictive to public using (tenant_id = (select ${tenant}));
grant usage on schema ${RECEIPTS.schema} to ${to};
grant select, insert on ${RECEIPTS_TABLE} to ${to};
`
}
