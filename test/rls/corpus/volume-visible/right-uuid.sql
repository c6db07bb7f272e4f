-- uuid keys, a chart number that is counted in each tenant (it owns a sequence and does not use it), an identity that nobody may
-- read, and one of a shared table.
-- with: {"shared": ["public.countries"]}
\tenant_table public.patients (chart_number int)
create sequence public.charts;
alter sequence public.charts owner to corpus_owner;
alter sequence public.charts owned by public.patients.chart_number;
\tenant_table public.notes (body text)
alter table public.notes add column entry bigint generated always as identity;
revoke select on public.notes from app;
grant select (tenant_id, id, body) on public.notes to app;
create table public.countries (number int generated always as identity primary key, code text not null);
alter table public.countries owner to corpus_owner;
grant select on public.countries to app;
