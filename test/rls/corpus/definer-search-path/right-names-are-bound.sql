-- A body of the SQL standard was looked up when it was made. The path of the second is set, nothing in it is the application's to create
-- in, and it can make no temporary tables. The third runs as whoever calls it.
-- with: {"shared": ["public.log"]}
create role corpus_service nologin;
create table public.log (line text primary key);
alter table public.log owner to corpus_owner;
grant insert on public.log to corpus_service;
create function public.write_log(text) returns void language sql security definer begin atomic insert into public.log values ($1); end;
alter function public.write_log(text) owner to corpus_service;
create function public.write_too(line text) returns void language plpgsql security definer set search_path = public
  as $$ begin insert into log values (line); end $$;
alter function public.write_too(text) owner to corpus_service;
create function public.write_three(line text) returns void language plpgsql as $$ begin insert into log values (line); end $$;
alter function public.write_three(text) owner to corpus_service;
