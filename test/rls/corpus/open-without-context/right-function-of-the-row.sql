-- The same with a function that says no: its text has the same words, and only running it tells the two apart.
-- The floor makes it a table with a right comparison as well.
create function public.sees(tenant uuid) returns boolean stable language plpgsql as $$
declare
  current text := nullif(current_setting('app.tenant_id', true), '');
begin
  if current is null then return false; end if;
  return current::uuid = tenant;
end $$;
\tenant_table public.patients (name text)
alter policy tenant on public.patients using (public.sees(tenant_id));
