-- Every column but the tenant's. A role that moves rows between clinics may change that, and so may the owner.
create role corpus_mover nologin;
\tenant_table public.patients (name text, previous_tenant_id uuid)
grant update (id) on public.patients to app;
grant update on public.patients to corpus_mover;
grant update on public.patients to corpus_owner;
