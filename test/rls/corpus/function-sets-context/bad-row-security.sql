-- Written to see every tenant. Under the application's role it fails.
-- finds: function-sets-context public.count_all()
\tenant_table public.patients (name text)
create function public.count_all() returns bigint language sql stable set row_security = off
  as $$ select count(*) from public.patients $$;
