/**
 * Functions of a scratch database.
 *
 * - `wrong_bounds`: how many literals mean another instant than they should, in a zone, over every DateStyle
 * - `offset_changes`: the seconds of the epoch, 1970 to 2100, at which a zone's offset changes: looked for by the fortnight, then by halves
 */
export const ZONE_FUNCTIONS = `
create function wrong_bounds(zone text, key_type text, literals text[], instants bigint[]) returns bigint language plpgsql as $$
declare
  style text;
  wrong bigint := 0;
  found bigint;
  moments timestamptz[] := array(select timestamptz 'epoch' + us * interval '1 microsecond' from unnest(instants) with ordinality as given(us, number) order by number);
begin
  perform set_config('TimeZone', zone, true);
  foreach style in array array['ISO', 'Postgres', 'SQL', 'German'] loop
    for part in 1..3 loop
      perform set_config('DateStyle', style || ', ' || (array['YMD', 'MDY', 'DMY'])[part], true);
      if key_type = 'timestamptz' then
        select count(*) into found from unnest(literals, moments) as bound(literal, moment) where literal::timestamptz <> moment;
      elsif key_type = 'timestamp' then
        select count(*) into found from unnest(literals, instants) as bound(literal, us)
          where (extract(epoch from literal::timestamp) * 1000000)::bigint <> us;
      else
        select count(*) into found from unnest(literals, instants) as bound(literal, us)
          where (extract(epoch from literal::date) * 1000000)::bigint <> us;
      end if;
      wrong := wrong + found;
    end loop;
  end loop;
  return wrong;
end $$;

create function offset_changes(zone text) returns setof bigint language plpgsql as $$
begin
  perform set_config('TimeZone', zone, true);
  return query
  with recursive fortnight as materialized (
    select at as low, at + 1209600 as high, extract(timezone from to_timestamp(at)) as before,
      lead(extract(timezone from to_timestamp(at))) over (order by at) as behind
    from generate_series(0, 4133980800, 1209600) as at
  ), halved as (
    select low, high, before from fortnight where before <> behind
    union all
    select case when same then mid else low end, case when same then high else mid end, before
    from (select *, (low + high) / 2 as mid, extract(timezone from to_timestamp((low + high) / 2)) = before as same from halved) as tried
    where high - low > 1
  )
  select high from halved where high - low = 1;
end $$;
`
