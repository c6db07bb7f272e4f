-- A name of 63 bytes with quotes, a line break and a semicolon, and an argument of a type that must be quoted.
-- finds: leakproof-function public.it's "x"; drop table y; -- aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa(public."Typ 😀")
create domain public."Typ 😀" as text;
create function public."it's ""x""; drop table y; -- aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"(public."Typ 😀") returns text
  language sql immutable leakproof as $$ select $1 $$;
