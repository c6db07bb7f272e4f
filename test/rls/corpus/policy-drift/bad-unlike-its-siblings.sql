-- Two tables ask a function that wants a proof of the tenant, and one takes the setting's word.
-- finds: policy-drift Zahn "Größe".Röntgen 1'; --
create schema "Zahn ""Größe""";
grant usage on schema "Zahn ""Größe""" to app;
create function public.proven() returns uuid stable language plpgsql as $$
declare
  claim text := nullif(current_setting('app.tenant_id', true), '');
begin
  if claim not like 'v1|%' then raise exception 'no proof' using errcode = '28000'; end if;
  return split_part(claim, '|', 2)::uuid;
end $$;
\tenant_table public.patients (name text)
\tenant_table public.visits (name text)
create table "Zahn ""Größe"""."Röntgen 1'; --" (tenant_id uuid not null, id uuid not null, primary key (tenant_id, id));
alter table "Zahn ""Größe"""."Röntgen 1'; --" owner to corpus_owner;
alter table "Zahn ""Größe"""."Röntgen 1'; --" enable row level security;
alter table "Zahn ""Größe"""."Röntgen 1'; --" force row level security;
create policy tenant on "Zahn ""Größe"""."Röntgen 1'; --" to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy tenant_floor on "Zahn ""Größe"""."Röntgen 1'; --" as restrictive using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select on "Zahn ""Größe"""."Röntgen 1'; --" to app;
do $$ declare t text; begin
  foreach t in array '{patients,visits}'::text[] loop
    execute format('alter policy tenant on public.%I using (tenant_id = (select public.proven()))', t);
    execute format('alter policy tenant_floor on public.%I using (tenant_id = (select public.proven()))', t);
  end loop;
end $$;
