-- Called IMMUTABLE to make it fast: its answer is kept in the plan.
-- finds: immutable-setting-function Clinic "A".Mandant'; --(text)
create schema "Clinic ""A""";
grant usage on schema "Clinic ""A""" to app;
create function "Clinic ""A"""."Mandant'; --"(fallback text) returns uuid immutable language plpgsql
  as $$ begin return nullif(current_setting('app.tenant_id', true), '')::uuid; end $$;
\tenant_table public.patients (name text)
alter policy tenant on public.patients using (tenant_id = (select "Clinic ""A"""."Mandant'; --"('none')));
