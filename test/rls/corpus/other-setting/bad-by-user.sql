-- One login role for each tenant was the plan once, and the function still goes by that.
-- finds: other-setting public.patients
create function public.tenant() returns uuid stable language sql
  as $$ select nullif(split_part(current_user, 'tenant_', 2), '')::uuid $$;
\tenant_table public.patients (name text)
alter policy tenant on public.patients using (tenant_id = (select public.tenant()));
