-- text_pattern_ops is there for LIKE. Its own operators are leakproof, but LIKE is not.
-- finds: index-dead-under-rls public.patients_name_idx
\tenant_table public.patients (name text)
create index on public.patients (name text_pattern_ops);
