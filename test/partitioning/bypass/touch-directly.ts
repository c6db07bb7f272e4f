import type pg from 'pg'

/** A role that got at a partition by its own name. */
export interface Touch {
  readonly role: string
  readonly relation: string
  readonly action: string
}

/**
 * Tries everything that touches rows, as each role, on each relation, and takes it back. Row counts decide for what row security filters;
 * INSERT and TRUNCATE touch by succeeding. Bound checks come behind the permission to insert: they count as permitted.
 */
const TOUCH_FUNCTION = `create function pg_temp.touch(roles text[], relations text[], reading text) returns setof text[] language plpgsql as $$
declare
  touching text; relation text; action text; n bigint; statement text;
begin
  foreach touching in array roles loop
    execute format('set local role %I', touching);
    foreach relation in array relations loop
      foreach action in array array['select', 'insert', 'update', 'delete', 'truncate', 'lock', 'copy', 'stats'] loop
        statement := case action
          when 'select' then format('select from %s', relation)
          when 'insert' then format('insert into %s select * from %s', relation, reading)
          when 'update' then format('update %s set body = body', relation)
          when 'delete' then format('delete from %s', relation)
          when 'truncate' then format('truncate %s', relation)
          when 'lock' then format('lock table %s in access exclusive mode', relation)
          when 'copy' then format('select * from %s for update', relation)
          else format('select from pg_stats where format(%L, schemaname, tablename) = %L', '%I.%I', relation)
        end;
        begin
          execute statement;
          get diagnostics n = row_count;
          raise exception using errcode = 'LSHUN', message = n::text;
        exception
          when sqlstate 'LSHUN' then
            if sqlerrm::bigint > 0 or action in ('truncate', 'lock') then return next array[touching, relation, action]; end if;
          when insufficient_privilege then null;
          when check_violation or not_null_violation or unique_violation then return next array[touching, relation, action];
        end;
      end loop;
    end loop;
    reset role;
  end loop;
end $$`

/** Makes the function that tries, for the session. */
export async function prepareTouching(admin: pg.Client): Promise<void> {
  await admin.query(TOUCH_FUNCTION)
}

/** @param reading rows to insert, which every role may read */
export async function touchDirectly(
  admin: pg.Client,
  roles: readonly string[],
  relations: readonly string[],
  reading: string,
): Promise<readonly Touch[]> {
  const { rows } = await admin.query<{ touch: [string, string, string] }>(
    'select pg_temp.touch($1, $2, $3) as touch',
    [roles, relations, reading],
  )
  return rows.map(({ touch: [role, relation, action] }) => ({ role, relation, action }))
}
