-- An index and no constraint, over an expression and some of the rows, which are not those of one tenant alone.
-- finds: unique-across-tenants public.by; drop "it"
\tenant_table public."pa""tients" (email text, deleted_at timestamptz)
create unique index "by; drop ""it""" on public."pa""tients" (lower(email) desc nulls last)
  where deleted_at is null or email <> '' and tenant_id = 'aaaaaaaa-0000-4000-8000-00000000000a' and id is not null;
