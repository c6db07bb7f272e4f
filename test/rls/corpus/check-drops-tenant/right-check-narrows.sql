-- WITH CHECK differs from USING, and is the stricter of the two.
\tenant_table public.notes (author text)
alter policy tenant on public.notes with check (author <> '' and tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
alter policy tenant_floor on public.notes with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
