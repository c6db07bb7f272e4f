-- They name the setting, set_config and SET, and change nothing: a read, comments, another setting, a composite column.
\tenant_table public.patients (name text)
create function public.current_tenant() returns uuid language sql stable
  as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid /* not set_config('app.tenant_id', 'x', false) */ $$;
create function public.remember() returns void language plpgsql set work_mem = '8MB' as $$
begin
  -- set app.tenant_id = 'x';
  perform set_config('app.tenant_id_seen', current_setting('app.tenant_id', true), true);
  update public.patients set name = 'app.tenant_id = x';
end $$;
