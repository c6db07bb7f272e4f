-- All spellings of true count. The view without is granted to nobody; and inside a view of another owner, the one with
-- security_invoker asks who runs the query.
\tenant_table public.patients (name text)
create view public.one with (security_invoker) as select name from public.patients;
create view public.two with (security_invoker = on) as select name from public.patients;
create view public.three with (security_barrier, security_invoker = 1) as select name from public.patients;
create view public.report as select tenant_id, count(*) from public.patients group by tenant_id;
create view public.around as select name from public.one;
grant select on public.one, public.two, public.three, public.around to app;
