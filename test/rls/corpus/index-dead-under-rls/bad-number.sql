-- The comparisons of bigint are leakproof, those of numeric are not; the tenant in second place does not bound what is read.
-- finds: index-dead-under-rls public.invoices_amount_idx
-- finds: index-dead-under-rls public.invoices_amount_tenant_id_idx
\tenant_table public.invoices (amount numeric, number bigint)
create index on public.invoices (amount);
create index on public.invoices (amount, tenant_id);
create index on public.invoices (number, amount);
