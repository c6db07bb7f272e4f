-- pg_temp is searched first where it is not listed, also before pg_catalog; and listed in the middle, before the rest.
-- finds: definer-search-path public.empty()
-- finds: definer-search-path public.middle()
-- finds: definer-search-path public.unset()
-- finds: temporary-or-create database
create role corpus_service nologin;
do $$ begin execute format('grant temporary on database %I to app', current_database()); end $$;
create function public.unset() returns bigint language plpgsql security definer
  as $$ begin return (select count(*) from pg_class); end $$;
create function public.empty() returns bigint language plpgsql security definer set search_path = ''
  as $$ begin return (select count(*) from pg_class); end $$;
create function public.middle() returns bigint language plpgsql security definer set search_path = pg_catalog, pg_temp, public
  as $$ begin return (select count(*) from pg_class); end $$;
create function public.last() returns bigint language plpgsql security definer set search_path = "$user", public, pg_temp
  as $$ begin return (select count(*) from pg_class); end $$;
alter function public.unset() owner to corpus_service;
alter function public.empty() owner to corpus_service;
alter function public.middle() owner to corpus_service;
alter function public.last() owner to corpus_service;
