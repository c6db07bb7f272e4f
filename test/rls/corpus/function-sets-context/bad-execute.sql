-- The statement is put together when it runs, in a procedure and a schema whose names must be quoted.
-- finds: function-sets-context it's "x".Wechsel 😀(text)
create schema "it's ""x""";
grant usage on schema "it's ""x""" to app;
create procedure "it's ""x"""."Wechsel 😀"(tenant text) language plpgsql
  as $p$ begin execute format('set local "app"."tenant_id" = %L', tenant); end $p$;
