-- The view is read as who asks, but the rule is not: security_invoker is for SELECT.
-- finds: table-rule public.current.rename "it"
\tenant_table public.patients (name text)
create view public.current with (security_invoker = true) as select tenant_id, id, name from public.patients;
alter view public.current owner to corpus_owner;
grant select, update on public.current to app;
create rule "rename ""it""" as on update to public.current do instead
  update public.patients set name = new.name where tenant_id = old.tenant_id and id = old.id;
