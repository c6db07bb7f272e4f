-- The application made its tables itself. To the owner no policy applies.
-- finds: force-missing public.patients
-- finds: login-role-bypasses app
\tenant_table public.patients (name text)
alter table public.patients owner to app;
revoke all on public.patients from app;
grant select on public.patients to app;
alter table public.patients no force row level security;
