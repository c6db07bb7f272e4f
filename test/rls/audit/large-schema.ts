/** How much is in {@link LARGE_SCHEMA}. */
export const PLAIN_TABLES = 900
export const PARTITIONED_TABLES = 100
export const PARTITIONS_EACH = 50

/** Canonical policies on the table of that name, and what the application may do with it. */
const protect = `
  execute format('alter table %I enable row level security', name);
  execute format('alter table %I force row level security', name);
  execute format('create policy tenant on %I to app using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', name);
  execute format('create policy tenant_floor on %I as restrictive to public using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', name);
  execute format('grant select, insert, delete, update (body) on %I to app', name);`

/**
 * A thousand tables of tenants, a tenth of them in fifty monthly partitions, as a platform has after years: with keys that begin
 * with the tenant, foreign keys, an index, canonical policies and grants. Statements to be run each by itself: the last commits
 * now and then, since each table takes several locks.
 */
export const LARGE_SCHEMA: readonly string[] = [
  'create schema large_partitions',
  'create table clinics (tenant_id uuid not null, id uuid not null, body text, primary key (tenant_id, id))',
  `do $large$
declare
  name text := 'clinics';
begin
  ${protect}
  for i in 1..${PLAIN_TABLES} loop
    name := format('plain_%s', i);
    execute format('create table %I (tenant_id uuid not null, id uuid not null default gen_random_uuid(), clinic uuid,
      body text, at timestamptz not null default now(), primary key (tenant_id, id),
      foreign key (tenant_id, clinic) references clinics (tenant_id, id))', name);
    execute format('create index on %I (tenant_id, at)', name);
    ${protect}
    if i % 50 = 0 then commit; end if;
  end loop;
  commit;
  for i in 1..${PARTITIONED_TABLES} loop
    name := format('parted_%s', i);
    execute format('create table %I (tenant_id uuid not null, id uuid not null default gen_random_uuid(), body int,
      at timestamptz not null, primary key (tenant_id, id, at)) partition by range (at)', name);
    ${protect}
    for month in 0..${PARTITIONS_EACH - 1} loop
      execute format('create table large_partitions.%I partition of %I for values from (%L) to (%L)',
        format('%s_%s', name, month), name, timestamptz '2022-01-01Z' + make_interval(months => month),
        timestamptz '2022-01-01Z' + make_interval(months => month + 1));
      execute format('alter table large_partitions.%I enable row level security, force row level security',
        format('%s_%s', name, month));
    end loop;
    commit;
  end loop;
end $large$`,
]
