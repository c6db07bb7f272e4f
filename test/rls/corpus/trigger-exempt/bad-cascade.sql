-- The application may not delete notes, but deleting a patient does, and fires the trigger all the same.
-- finds: trigger-exempt public.notes
\tenant_table public.patients (name text)
\tenant_table public.notes (patient_id uuid)
revoke delete, update on public.notes from app;
create index on public.notes (tenant_id, patient_id);
alter table public.notes add foreign key (tenant_id, patient_id) references public.patients (tenant_id, id) on delete cascade;
create function public.keep_note() returns trigger language plpgsql security definer set search_path = pg_catalog
  as $$ begin return old; end $$;
revoke execute on function public.keep_note() from public;
create trigger keep_note before delete on public.notes for each row execute function public.keep_note();
