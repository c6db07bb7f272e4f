-- Tables without the default that the others have: one is only read, one has a trigger that fills the tenant in, one is of the tenants themselves.
\tenant_table public.patients (name text)
\tenant_table public.visits (name text)
\tenant_table public.rooms (name text)
\tenant_table public.beds (name text)
\tenant_table public.meals (name text)
create function public.of_tenant() returns trigger language plpgsql as $$ begin
  new.tenant_id := coalesce(new.tenant_id, nullif(current_setting('app.tenant_id', true), '')::uuid);
  return new;
end $$;
alter function public.of_tenant() owner to corpus_owner;
alter table public.beds alter column tenant_id drop default;
revoke insert on public.beds from app;
alter table public.meals alter column tenant_id drop default;
create trigger of_tenant before insert on public.meals for each row execute function public.of_tenant();
create table public.clinics (tenant_id uuid primary key, name text);
alter table public.clinics owner to corpus_owner;
alter table public.clinics enable row level security;
alter table public.clinics force row level security;
create policy tenant on public.clinics to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy tenant_floor on public.clinics as restrictive to public using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select, insert on public.clinics to app;
