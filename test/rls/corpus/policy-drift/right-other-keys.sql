-- The same policy by other keys, under another name of the column and the setting, and in other words.
-- with: {"tenantSetting": "clinic.id", "tenantColumn": "clinic", "tenantColumns": {"public.texts": "org"}}
create domain public.clinic_id as uuid;
create table public.numbers (clinic bigint not null, id uuid not null, primary key (clinic, id));
create table public.texts (org text not null, id uuid not null, primary key (org, id));
create table public.names (clinic varchar(36) not null, id uuid not null, primary key (clinic, id));
create table public.domains (clinic public.clinic_id not null, id uuid not null, primary key (clinic, id));
do $$ declare t text; c text; k text; begin
  for t, c, k in values ('numbers', 'clinic', '::bigint'), ('texts', 'org', ''), ('names', 'clinic', '::varchar(36)'),
      ('domains', 'clinic', '::public.clinic_id') loop
    execute format('alter table public.%I owner to corpus_owner', t);
    execute format('alter table public.%I enable row level security', t);
    execute format('alter table public.%I force row level security', t);
    execute format('grant select, insert, delete on public.%I to app', t);
    execute format('create policy tenant on public.%I to app using (not ((select nullif(current_setting(%L, true), %L)%s) <> %I))',
      t, 'clinic.id', '', k, c);
    execute format('create policy floor on public.%I as restrictive using (not (%I <> (select nullif(trim(current_setting(%L, true)), %L)%s)))',
      t, c, 'clinic.id', '', k);
  end loop;
end $$;
