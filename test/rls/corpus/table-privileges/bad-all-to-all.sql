-- GRANT ALL to PUBLIC, but for UPDATE. Since PostgreSQL 17 it is one privilege more.
-- finds: table-privileges public.Größe "cm"; --
\tenant_table public.patients (name text)
alter table public.patients rename to "Größe ""cm""; --";
grant all on public."Größe ""cm""; --" to public;
revoke update on public."Größe ""cm""; --" from public;
