-- A rule that does nothing reads nothing, a disabled one is none, and a view is a rule itself.
\tenant_table public.patients (name text)
create rule keep as on delete to public.patients where old.name <> '' do instead nothing;
create rule copy as on insert to public.patients do also select * from public.patients;
alter table public.patients disable rule copy;
create view public.current with (security_invoker = true) as select tenant_id, id, name from public.patients;
alter view public.current owner to corpus_owner;
grant select on public.current to app;
