-- Executed by nobody, but fired by the application's rows, with the search_path of its session.
-- finds: definer-search-path public.note_change()
\tenant_table public.patients (name text)
create role corpus_service nologin;
create function public.note_change() returns trigger language plpgsql security definer
  as $$ begin insert into changes values (now()); return null; end $$;
alter function public.note_change() owner to corpus_service;
revoke execute on function public.note_change() from public;
create trigger note after insert on public.patients for each row execute function public.note_change();
