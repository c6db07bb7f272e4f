-- Rows that their owner published are everybody's, to be written as well.
-- finds: policy-drift public.articles
-- finds: no-restrictive-floor public.articles
\tenant_table public.articles (published boolean)
drop policy tenant_floor on public.articles;
alter policy tenant on public.articles using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) or published);
