-- The permissive policy says who may write at all, without a word about the tenant; the floor says the rest.
-- with: {"settings": ["app.user_id"]}
\tenant_table public.notes (author text)
alter policy tenant on public.notes with check (author = (select nullif(current_setting('app.user_id', true), '')));
