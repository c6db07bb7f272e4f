-- LEAKPROOF on the word of an extension's author, whom the superuser trusted when installing it.
create function public.same(text) returns text language sql immutable leakproof as $$ select $1 $$;
alter extension plpgsql add function public.same(text);
