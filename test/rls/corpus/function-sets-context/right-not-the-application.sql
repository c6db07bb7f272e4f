-- It does change the tenant, for a role of the operators: the application may not execute it.
create role corpus_operator nologin;
create function public.impersonate(tenant uuid) returns void language plpgsql set app.user_id = 'operator'
  as $$ begin perform set_config('app.tenant_id', tenant::text, false); end $$;
revoke execute on function public.impersonate(uuid) from public;
grant execute on function public.impersonate(uuid) to corpus_operator;
