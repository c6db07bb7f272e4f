-- The function of an operator, in a schema that the application has no USAGE on: a view or a policy can still hold it.
-- finds: leakproof-function inner.like_it(text, text)
create schema "inner";
create function "inner".like_it(text, text) returns boolean language plpgsql immutable leakproof
  as $$ begin raise notice '%', $1; return $1 like $2; end $$;
create operator public.~~~ (leftarg = text, rightarg = text, function = "inner".like_it);
