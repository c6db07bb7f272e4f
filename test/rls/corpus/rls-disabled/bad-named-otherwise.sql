-- The tenant column of this table has another name, which the configuration tells.
-- with: {"tenantColumns": {"public.organizations": "id"}}
-- finds: rls-disabled public.organizations
create table public.organizations (id uuid primary key, name text not null);
alter table public.organizations owner to corpus_owner;
grant select on public.organizations to app;
