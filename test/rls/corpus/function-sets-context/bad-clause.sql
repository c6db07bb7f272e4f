-- A report that is pinned to one tenant, whoever asks for it.
-- finds: function-sets-context public.first_clinic(text)
\tenant_table public.patients (name text)
create function public.first_clinic(prefix text) returns bigint language sql stable
  set app.tenant_id = 'aaaaaaaa-0000-4000-8000-00000000000a'
  as $$ select count(*) from public.patients where starts_with(name, prefix) $$;
