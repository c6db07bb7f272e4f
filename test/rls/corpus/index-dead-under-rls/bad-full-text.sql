-- @@ is not leakproof, so it waits for the policy.
-- finds: index-dead-under-rls public.notes_words_idx
\tenant_table public.notes (words tsvector)
create index on public.notes using gin (words);
