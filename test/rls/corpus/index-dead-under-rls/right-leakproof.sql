-- Comparisons of these types are leakproof, so row security does not keep them from an index. A predicate is no condition that has
-- to run, an INCLUDE column none that is searched, a unique index works without any, and the distance of GiST is there for ORDER BY.
create extension btree_gist;
\tenant_table public.visits (number bigint, at timestamptz, room uuid, name text, amount numeric, tags jsonb, done boolean)
create index on public.visits (number);
create index on public.visits (at, amount);
create index on public.visits using hash (room);
create index on public.visits (name) include (amount);
create index on public.visits (number) where tags ? 'urgent' and amount > 5;
create index on public.visits using brin (at);
create unique index on public.visits (amount, tenant_id);
create index on public.visits using gist (number);
