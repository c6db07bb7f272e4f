-- The set_tenant() that every tutorial has, with false as its last argument, in another spelling of the name.
-- finds: function-sets-context public.set_tenant(uuid)
create function public.set_tenant(tenant uuid) returns void language plpgsql
  as $$ begin perform Set_Config('App.Tenant_ID', tenant::text, is_local => FALSE); end $$;
