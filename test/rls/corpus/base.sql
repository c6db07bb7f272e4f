-- What every schema of the corpus begins with: a database in which nothing is wrong.
create role corpus_owner nologin;
do $$ begin
  execute format('revoke temporary, create on database %I from public', current_database());
end $$;
revoke create on schema public from public;
grant usage on schema public to app, corpus_owner;
