import { parseSettingName } from '../../context/settings.ts'
import { ConfigError } from '../../errors/config.ts'
import { quoteName } from '../../rls/sql/quote.ts'

/** The table that transactions note their invalidations in. */
export const JOURNAL_TABLE = 'leasehold.cache_journal'

/** What the journal's table is made for. */
export interface JournalTableOptions {
  /** The setting that holds the tenant. @default 'app.tenant_id' */
  readonly tenantSetting?: string
  /** The role that the application logs in as. @default 'app' */
  readonly role?: string
  /** The role of the option `system` of `createLeasehold`, which carries the notes over. */
  readonly systemRole: string
}

/**
 * The SQL of the table that the option `journal` writes to, for a migration, which the owner of the database runs once. The
 * application can add notes and not read them.
 *
 * @throws {ConfigError}
 */
export function cacheJournalSql({ tenantSetting, role = 'app', systemRole }: JournalTableOptions): string {
  for (const [option, name] of Object.entries({ role, systemRole })) {
    if (typeof name !== 'string' || name === '')
      throw new ConfigError(`${option} must be the name of a role.`)
  }
  const setting = parseSettingName(tenantSetting ?? 'app.tenant_id', 'tenantSetting')
  const tenant = `nullif(current_setting('${setting}', true), '')`
  return `create schema if not exists leasehold;
create table ${JOURNAL_TABLE} (
  id bigint generated always as identity primary key,
  tenant_id text not null default (${tenant}),
  fences text[] not null,
  created_at timestamptz not null default now()
);
alter table ${JOURNAL_TABLE} enable row level security;
alter table ${JOURNAL_TABLE} force row level security;
create policy tenant on ${JOURNAL_TABLE} for insert to ${quoteName(role)} with check (tenant_id = (select ${tenant}));
create policy relay_reads on ${JOURNAL_TABLE} for select to ${quoteName(systemRole)} using (true);
create policy relay_deletes on ${JOURNAL_TABLE} for delete to ${quoteName(systemRole)} using (true);
create policy relay_locks on ${JOURNAL_TABLE} for update to ${quoteName(systemRole)} using (true);
grant usage on schema leasehold to ${quoteName(role)}, ${quoteName(systemRole)};
grant insert (fences) on ${JOURNAL_TABLE} to ${quoteName(role)};
grant select, update, delete on ${JOURNAL_TABLE} to ${quoteName(systemRole)};
`
}
