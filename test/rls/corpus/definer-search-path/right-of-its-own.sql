-- The application's own function gives nobody more than the application has, and the other is not for it.
create function public.mine(line text) returns void language plpgsql security definer
  as $$ begin insert into log values (line); end $$;
alter function public.mine(text) owner to app;
create role corpus_service nologin;
create function public.theirs(line text) returns void language plpgsql security definer
  as $$ begin insert into log values (line); end $$;
alter function public.theirs(text) owner to corpus_service;
revoke execute on function public.theirs(text) from public;
