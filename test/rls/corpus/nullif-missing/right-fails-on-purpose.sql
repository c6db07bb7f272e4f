-- A function that fails whenever there is no tenant fails on every connection alike, as it was meant to.
create function public.tenant() returns uuid stable language plpgsql as $$
declare
  current text := nullif(current_setting('app.tenant_id', true), '');
begin
  if current is null then raise exception 'no tenant is set' using errcode = 'LSH01'; end if;
  return current::uuid;
end $$;
\tenant_table public.patients (name text)
alter policy tenant on public.patients using (tenant_id = (select public.tenant()));
alter policy tenant_floor on public.patients using (tenant_id = (select public.tenant()));
