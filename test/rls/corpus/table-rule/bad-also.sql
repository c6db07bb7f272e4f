-- What the rule adds is done as the owner, and so under the owner's policies and not the application's.
-- finds: table-rule public.patients.copy
\tenant_table public.patients (name text)
\tenant_table public.names (name text)
create rule copy as on insert to public.patients do also insert into public.names (name) values (new.name);
