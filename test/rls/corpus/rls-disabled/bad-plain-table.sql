-- A table that was added in a hurry.
-- finds: rls-disabled public.patients
create table public.patients (tenant_id uuid not null, id uuid not null, name text, primary key (tenant_id, id));
alter table public.patients owner to corpus_owner;
grant select, insert on public.patients to app;
