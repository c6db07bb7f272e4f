-- Notes of what a transaction overwrote while Redis did not answer: option `journal` of the cache. This is what
-- `cacheJournalSql({ systemRole: 'cache_relay' })` of leasehold/cache gives; a test holds the two equal.

do $$ begin
  create role cache_relay login;
exception when duplicate_object then null;
end $$;

alter role cache_relay nosuperuser nobypassrls nocreatedb nocreaterole noreplication noinherit;

create schema if not exists leasehold;
create table leasehold.cache_journal (
  id bigint generated always as identity primary key,
  tenant_id text not null default (nullif(current_setting('app.tenant_id', true), '')),
  fences text[] not null,
  created_at timestamptz not null default now()
);
alter table leasehold.cache_journal enable row level security;
alter table leasehold.cache_journal force row level security;
create policy tenant on leasehold.cache_journal for insert to "app" with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')));
create policy relay_reads on leasehold.cache_journal for select to "cache_relay" using (true);
create policy relay_deletes on leasehold.cache_journal for delete to "cache_relay" using (true);
create policy relay_locks on leasehold.cache_journal for update to "cache_relay" using (true);
grant usage on schema leasehold to "app", "cache_relay";
grant insert (fences) on leasehold.cache_journal to "app";
grant select, update, delete on leasehold.cache_journal to "cache_relay";
