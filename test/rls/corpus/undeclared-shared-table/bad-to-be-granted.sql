-- The membership gives neither privileges nor SET ROLE; with ADMIN the application can give itself both.
-- finds: undeclared-shared-table public.letters
create table public.letters (body text);
create role corpus_reader nologin;
grant usage on schema public to corpus_reader;
grant select on public.letters to corpus_reader;
do $$ begin
  if current_setting('server_version_num')::int >= 160000 then
    execute 'grant corpus_reader to app with admin true, inherit false, set false';
  else
    grant corpus_reader to app with admin option;
  end if;
end $$;
