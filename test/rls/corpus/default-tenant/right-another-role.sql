-- A login role that works for one tenant only has that tenant by default, as it should. It is not the application's.
create role corpus_kiosk login;
\tenant_table public.patients (name text)
alter role corpus_kiosk set app.tenant_id = '00000000-0000-4000-8000-000000000001';
alter role app set app.tenant_ids = '00000000-0000-4000-8000-000000000001';
grant app to corpus_kiosk;
