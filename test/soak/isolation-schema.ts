/**
 * What the isolation workload works on. Each row carries, beside the tenant that the policy looks at, the tag of the
 * tenant that wrote it, which no policy sets: a row whose two differ was written for the wrong tenant.
 */
export const ISOLATION_SCHEMA = `
create table canaries (
  tenant_id uuid not null,
  tag uuid not null,
  operation bigint not null,
  part int not null,
  id bigint generated always as identity,
  primary key (tenant_id, id)
);
create index on canaries (tenant_id, operation);
alter table canaries enable row level security;
alter table canaries force row level security;
create policy tenant on canaries to app
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select, insert on canaries to app;
insert into canaries (tenant_id, tag, operation, part)
select id, id, 0, part
from (select ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid as id from generate_series(1, 200) n) tenants,
  generate_series(1, 5) part;
`

/** The ids of the 200 tenants that the schema knows. */
export const ISOLATION_TENANTS: readonly string[] = Array.from(
  { length: 200 },
  (_, index) => `00000000-0000-4000-8000-${(index + 1).toString(16).padStart(12, '0')}`,
)
