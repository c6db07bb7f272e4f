-- Nobody may call it, but an insert does.
-- finds: function-sets-context public.take_tenant()
\tenant_table public.patients (name text)
create function public.take_tenant() returns trigger language plpgsql
  as $$ begin if new.name is null then set local app.tenant_id = ''; end if; return new; end $$;
revoke execute on function public.take_tenant() from public;
create trigger take_tenant before insert on public.patients for each row execute function public.take_tenant();
