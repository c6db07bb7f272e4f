-- Each key keeps tenants apart, none of them by a plain tenant column in first place.
\tenant_table public.patients (email text, number int, position int, deleted_at timestamptz)
alter table public.patients add unique nulls not distinct (email, tenant_id);
create unique index on public.patients (coalesce(tenant_id, '00000000-0000-0000-0000-000000000000'), number);
create unique index on public.patients (lower(email), (tenant_id::text));
create unique index on public.patients (position) where tenant_id = 'aaaaaaaa-0000-4000-8000-00000000000a';
create unique index on public.patients (number) where deleted_at is null and tenant_id is null;
create index on public.patients (number);
