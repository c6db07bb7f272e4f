-- Functions of a superuser, on events that the application cannot cause: TRUNCATE, an update of a column that it may not
-- write nothing of, and a trigger that is switched off. The last one fires, and runs as the application.
\tenant_table public.patients (name text)
\tenant_table public.readings ()
create function public.as_superuser() returns trigger language plpgsql security definer set search_path = pg_catalog
  as $$ begin return null; end $$;
revoke execute on function public.as_superuser() from public;
create function public.as_caller() returns trigger language plpgsql set search_path = pg_catalog as $$ begin return null; end $$;
create trigger on_truncate before truncate on public.patients for each statement execute function public.as_superuser();
create trigger on_update after update on public.readings for each row execute function public.as_superuser();
create trigger switched_off after insert on public.patients for each row execute function public.as_superuser();
alter table public.patients disable trigger switched_off;
create trigger on_insert after insert on public.patients for each row execute function public.as_caller();
