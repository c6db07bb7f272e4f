-- WITH CHECK asks for the author instead of USING's tenant, where it was meant to ask for both.
-- with: {"settings": ["app.user_id"]}
-- finds: check-drops-tenant public.notes
-- finds: no-restrictive-floor public.notes
\tenant_table public.notes (author text)
drop policy tenant_floor on public.notes;
alter policy tenant on public.notes with check (author = (select nullif(current_setting('app.user_id', true), '')));
