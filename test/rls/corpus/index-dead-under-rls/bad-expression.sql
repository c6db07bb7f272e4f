-- lower() is not leakproof, though = for text is. In a schema and under names that must be quoted.
-- finds: index-dead-under-rls Clinic "A".find; --' by "e-mail"
create schema "Clinic ""A""";
grant usage on schema "Clinic ""A""" to app;
\tenant_table public.people ("e-mail" text)
alter table public.people set schema "Clinic ""A""";
create index "find; --' by ""e-mail""" on "Clinic ""A""".people (lower("e-mail"));
