-- The audit log is written by whoever ran the migration: a superuser. EXECUTE was revoked, which a trigger does not ask for.
-- finds: trigger-exempt public.patients
\tenant_table public.patients (name text)
create function public.log_change() returns trigger language plpgsql security definer set search_path = pg_catalog
  as $$ begin return new; end $$;
revoke execute on function public.log_change() from public;
create trigger log_change after insert on public.patients for each row execute function public.log_change();
