/** A table whose rows take their time at COMMIT, in a trigger that is deferred. */
export const SLOW_COMMIT = `
create table slow_commits (id int);
grant insert, select on slow_commits to app;
create function sleep_at_commit() returns trigger language plpgsql as $$ begin perform pg_sleep(0.4); return null; end $$;
create constraint trigger slow after insert on slow_commits deferrable initially deferred
  for each row execute function sleep_at_commit();
`
/** Half a second of COMMIT. */
export const COMMITS_SLOWLY = 'insert into slow_commits values (1)'

export const INSERT_NOTE = 'insert into notes (body) values ($1)'
