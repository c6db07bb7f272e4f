-- Marked so that an index would be used. It raises an error that shows its argument.
-- finds: leakproof-function public.to_number(text)
create function public.to_number(value text) returns int language sql immutable leakproof as $$ select value::int $$;
