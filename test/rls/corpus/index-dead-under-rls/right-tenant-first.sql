-- The same kinds, but the policy's own condition finds rows by the index, and a GIN index is as good in any order of its columns.
create extension btree_gin;
\tenant_table public.invoices (amount numeric, email text, tags jsonb, words tsvector)
create index on public.invoices (tenant_id, amount);
create index on public.invoices (tenant_id, lower(email));
create index on public.invoices (tenant_id, email text_pattern_ops);
create index on public.invoices using gin (tags, tenant_id);
