-- A body in standard SQL is not kept as text.
-- finds: function-sets-context public.as_tenant(uuid)
create function public.as_tenant(tenant uuid) returns text language sql
  begin atomic select set_config('app.tenant_id', tenant::text, true); end;
