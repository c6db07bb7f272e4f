-- USING (true) for operators, who log in as a role that the application cannot become. A floor for PUBLIC would take their
-- rows away, so here it is for the application.
create role corpus_operator login;
\tenant_table public.patients (name text)
create policy operators on public.patients for select to corpus_operator using (true);
alter policy tenant_floor on public.patients to app;
grant select on public.patients to corpus_operator;
