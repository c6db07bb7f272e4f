-- Every foreign key between tenants compares them, whatever the order of its columns and whatever the column is called; to a shared
-- table there is nothing to compare.
-- with: {"shared": ["public.countries"], "tenantColumns": {"public.visits": "clinic", "public.clinics": "id"}}
create table public.clinics (id uuid primary key, name text not null);
alter table public.clinics owner to corpus_owner;
alter table public.clinics enable row level security;
alter table public.clinics force row level security;
create policy tenant on public.clinics to app using (id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy tenant_floor on public.clinics as restrictive to public using (id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select on public.clinics to app;
create table public.countries (code text primary key);
alter table public.countries owner to corpus_owner;
grant select on public.countries to app;
\tenant_table public.patients (mother uuid, country text)
alter table public.patients add unique (id, tenant_id);
alter table public.patients add foreign key (mother, tenant_id) references public.patients (id, tenant_id);
alter table public.patients add foreign key (country) references public.countries;
alter table public.patients add foreign key (tenant_id) references public.clinics;
\tenant_table public.visits (patient_id uuid not null)
alter table public.visits rename column tenant_id to clinic;
alter table public.visits add foreign key (clinic, patient_id) references public.patients match full deferrable initially deferred not valid;
