-- SECURITY DEFINER, and the owner of the function owns the table: but the table is FORCEd, so that policies apply to it too.
\tenant_table public.patients (name text)
create function public.log_change() returns trigger language plpgsql security definer set search_path = pg_catalog
  as $$ begin return new; end $$;
alter function public.log_change() owner to corpus_owner;
revoke execute on function public.log_change() from public;
create trigger log_change after insert on public.patients for each row execute function public.log_change();
