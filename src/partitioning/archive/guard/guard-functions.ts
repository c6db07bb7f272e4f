/**
 * What the event triggers run. As their owner (SECURITY DEFINER), because who drops a table need not be able to read receipts; nothing
 * in them is run that another role could have put there, as names are qualified and the search path is empty.
 *
 * @see https://www.postgresql.org/docs/current/functions-event-triggers.html
 */
export const GUARD_FUNCTIONS: readonly string[] = [
  `create or replace function leasehold_guard.refuse_drop() returns event_trigger
language plpgsql security definer set search_path = '' as $guard$
declare
  dropped record;
begin
  for dropped in
    select d.objid, d.schema_name, d.object_name
    from pg_catalog.pg_event_trigger_dropped_objects() d
    where d.object_type = 'table' and not d.is_temporary
      and (d.schema_name in (select g.schema_name from leasehold_guard.guarded_schema g)
           or d.objid in (select t.table_oid from leasehold_guard.detached_table t))
      and not exists (
        select from leasehold_guard.partition_receipt r
        where r.table_oid = d.objid and r.partition = d.object_name)
  loop
    raise exception 'leasehold: %.% has no receipt of an archive, and is not dropped', dropped.schema_name, dropped.object_name
      using errcode = 'object_not_in_prerequisite_state',
            hint = 'Archive it first (leasehold partitions apply), or have a superuser disable the event trigger leasehold_drop_guard.';
  end loop;
end
$guard$;`,
  `create or replace function leasehold_guard.note_detached() returns event_trigger
language plpgsql security definer set search_path = '' as $guard$
begin
  insert into leasehold_guard.detached_table (table_oid, partition)
  select c.oid, c.relname
  from pg_catalog.pg_event_trigger_ddl_commands() d
  join pg_catalog.pg_class c on c.oid = d.objid and d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and n.nspname in (select g.schema_name from leasehold_guard.guarded_schema g)
  on conflict do nothing;
end
$guard$;`,
]
