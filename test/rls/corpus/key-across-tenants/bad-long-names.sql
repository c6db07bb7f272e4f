-- Names of 63 bytes, of which a migration has to make others; the key carries a column along.
-- finds: foreign-key-across-tenants public.ééééééééééééééééééééffffffffffffffffffffff".kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkééé"
-- finds: key-across-tenants public.pppppppppppppppppppppppppppppppppppppppppppppppppppppppp"ééé
\tenant_table public.patients (name text)
alter table public.patients drop constraint patients_pkey;
alter table public.patients rename id to "iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiééé""";
alter table public.patients add constraint "pppppppppppppppppppppppppppppppppppppppppppppppppppppppp""ééé"
  primary key ("iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiééé""") include (name);
alter table public.patients rename to "ééééééééééééééééééééffffffffffffffffffffff""";
alter table public."ééééééééééééééééééééffffffffffffffffffffff""" add mother uuid;
alter table public."ééééééééééééééééééééffffffffffffffffffffff"""
  add constraint "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkééé""" foreign key (mother)
  references public."ééééééééééééééééééééffffffffffffffffffffff""";
create index on public."ééééééééééééééééééééffffffffffffffffffffff""" (tenant_id);
