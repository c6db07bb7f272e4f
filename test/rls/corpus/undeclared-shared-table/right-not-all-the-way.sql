-- Privileges of the first role come with the membership, and SET ROLE does not, so that nobody gets on to the second.
create table public.letters (body text);
create role corpus_reader nologin;
create role corpus_operators nologin;
grant usage on schema public to corpus_reader;
grant select on public.letters to corpus_reader;
do $$ begin
  if current_setting('server_version_num')::int >= 160000 then
    execute 'grant corpus_reader to corpus_operators with admin false, inherit false, set true';
    execute 'grant corpus_operators to app with admin false, inherit true, set false';
  end if;
end $$;
