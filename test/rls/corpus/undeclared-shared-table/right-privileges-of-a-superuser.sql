-- What a superuser was granted comes with the membership; that it is above all grants does not.
create table public.letters (body text);
create role corpus_root nologin superuser;
do $$ begin
  if current_setting('server_version_num')::int >= 160000 then
    execute 'grant corpus_root to app with admin false, inherit true, set false';
  end if;
end $$;
