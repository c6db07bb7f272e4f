import pg from 'pg'
import { type TenantId, uuid } from '../../src/context/tenant-id.ts'

export const TENANT_A: TenantId = uuid('aaaaaaaa-0000-4000-8000-00000000000a')
export const TENANT_B: TenantId = uuid('bbbbbbbb-0000-4000-8000-00000000000b')

/**
 * The smallest schema that has everything the core's rules are about: a tenant's table, a table that is shared, a
 * deferred constraint, and procedures that commit and that do not.
 */
export const NOTES_SCHEMA = `
create table notes (
  tenant_id uuid not null default (nullif(current_setting('app.tenant_id', true), ''))::uuid,
  id bigint generated always as identity,
  body text not null,
  primary key (tenant_id, id)
);
alter table notes enable row level security;
alter table notes force row level security;
create policy tenant on notes to app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create table shared_log (entry text not null);
create table parents (id int primary key);
create table children (id int references parents deferrable initially deferred);
grant select, insert, update, delete on notes, shared_log, parents, children to app;
create procedure committing() language plpgsql as $$ begin insert into shared_log values ('committing'); commit; end $$;
create procedure polite() language plpgsql as $$ begin insert into shared_log values ('polite'); end $$;
`

/** The roles of the tests: the application, and a role that it may switch to, as a poisoned session has. */
export function createAppRoles(adminUrl: string): Promise<void> {
  return fill(adminUrl, 'create role app login; create role visitor; grant visitor to app;')
}

/** Runs a script as the superuser. */
export async function fill(adminUrl: string, script: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  try {
    await admin.query(script)
  } finally {
    await admin.end()
  }
}
