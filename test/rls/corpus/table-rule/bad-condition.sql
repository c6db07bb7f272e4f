-- It does nothing, but its condition reads another table as the owner.
-- finds: table-rule public.patients.keep
\tenant_table public.patients (name text)
\tenant_table public.names (name text)
create rule keep as on delete to public.patients where exists (select from public.names where name = old.name) do instead nothing;
