-- It compares another tenant than the row's own, but since PostgreSQL 18 it need not be enforced, and then nothing is checked or done.
\tenant_table public.patients (name text)
\tenant_table public.visits (referring_tenant_id uuid, patient_id uuid)
do $$ begin
  if current_setting('server_version_num')::int >= 180000 then
    execute 'alter table public.visits add foreign key (referring_tenant_id, patient_id)
      references public.patients (tenant_id, id) on delete cascade not enforced';
  end if;
end $$;
