-- The application cannot read it, but whoever does cannot tell whose rows they are.
-- finds: undeclared-shared-table public.outbox
create table public.outbox (id uuid primary key, body text not null);
alter table public.outbox owner to corpus_owner;
grant insert on public.outbox to app;
