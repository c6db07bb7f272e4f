-- Only another role's policies stand on this table, and only that role may touch it.
create role corpus_billing login;
\tenant_table public.invoices (amount numeric)
revoke all on public.invoices from app;
revoke all (amount) on public.invoices from app;
alter policy tenant on public.invoices to corpus_billing;
grant select on public.invoices to corpus_billing;
