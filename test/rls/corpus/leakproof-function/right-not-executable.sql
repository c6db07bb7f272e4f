-- The application may not execute it, not even inside of a view; the other one it may, and it is not marked.
create function public.hidden(text) returns text language sql immutable leakproof as $$ select $1 $$;
revoke execute on function public.hidden(text) from public;
create function public.seen(text) returns text language sql immutable as $$ select $1 $$;
