-- IMMUTABLE functions in a policy that read no setting: one names current_setting in a comment and in a text.
create function public.same(a uuid, b uuid) returns boolean immutable language sql return a = b;
create function public.advice() returns text immutable language plpgsql as $$ begin
  -- never call current_setting('app.tenant_id') here
  return 'current_setting(''app.tenant_id'')';
end $$;
\tenant_table public.patients (name text)
alter policy tenant on public.patients
  using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) and public.same(tenant_id, tenant_id) and public.advice() <> '');
