import { type TenantId, uuid } from '../../../src/context/tenant-id.ts'

export const KEYS = 5

export const TENANTS: readonly TenantId[] = [1, 2].map((n) => uuid(`00000000-0000-4000-8000-00000000000${n}`))

/** Counters of two tenants: what a cache gives is a version, so that anybody can tell whether it is old. */
export const CACHE_SCHEMA = `
create table cached_counters (
  tenant_id uuid not null,
  key int not null,
  version int not null default 0,
  primary key (tenant_id, key)
);
insert into cached_counters (tenant_id, key)
  select tenant, key from unnest(array[${TENANTS.map((id) => `'${id}'::uuid`).join(', ')}]) as tenant, generate_series(1, ${KEYS}) as key;
alter table cached_counters enable row level security;
alter table cached_counters force row level security;
create policy tenant on cached_counters to app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select, update (version) on cached_counters to app;
`
