-- Row security is forced, and the owner can take that back.
-- finds: login-role-bypasses app
\tenant_table public.patients (name text)
alter table public.patients owner to app;
revoke all on public.patients from app;
grant select on public.patients to app;
