/**
 * Bounds of the partitions that end behind now, in microseconds of the epoch, and the server's clock. Parameters: the schema, names of
 * tables, the types of their keys, and the clock in microseconds or NULL for the server's.
 *
 * It reads nothing but `pg_catalog`, which every role can, whatever schemas it may use. The text of a bound depends on TimeZone and
 * DateStyle, and in all styles but ISO it names the zone by letters, of which India's IST is read as Israel's. So ISO is pinned for the
 * statement, and put back by its last part, for the rest of a transaction that it may stand in. That the pinning comes first follows from
 * `pg_get_expr` taking its third argument from it.
 */
export const READINESS_QUERY = `with pinned as materialized (
  select pg_catalog.current_setting('DateStyle') as style, pg_catalog.set_config('DateStyle', 'ISO, YMD', true) as done
), clock as materialized (
  select coalesce($4::bigint, (extract(epoch from pg_catalog.clock_timestamp()) * 1000000)::bigint) as now_us
), bound as materialized (
  select wanted.name, wanted.key_type, pg_catalog.regexp_match(
    pg_catalog.pg_get_expr(part.relpartbound, part.oid, pinned.done is null), '^FOR VALUES FROM \\(''?(.*?)''?\\) TO \\(''?(.*?)''?\\)$') as ends
  from pinned
  cross join rows from (pg_catalog.unnest($2::text[]), pg_catalog.unnest($3::text[])) as wanted(name, key_type)
  join pg_catalog.pg_namespace as space on space.nspname = $1
  join pg_catalog.pg_class as parent on parent.relnamespace = space.oid and parent.relname = wanted.name
  join pg_catalog.pg_inherits as link on link.inhparent = parent.oid and not link.inhdetachpending
  join pg_catalog.pg_class as part on part.oid = link.inhrelid
), side as materialized (
  select bound.name, given.number, case
    when given.text in ('MINVALUE', 'MAXVALUE', '-infinity', 'infinity') then null
    when bound.key_type = 'timestamptz' then (extract(epoch from given.text::timestamptz) * 1000000)::bigint
    when bound.key_type = 'timestamp' then (extract(epoch from given.text::timestamp) * 1000000)::bigint
    when bound.key_type = 'date' then (extract(epoch from given.text::date) * 1000000)::bigint
    else ('x' || pg_catalog.left(pg_catalog.replace(given.text, '-', ''), 12))::bit(48)::bigint * 1000
  end as us, bound.ends
  from bound cross join lateral pg_catalog.unnest(bound.ends) with ordinality as given(text, number)
  where bound.ends is not null
), span as materialized (
  select name, pg_catalog.max(us) filter (where number = 1) as low_us, pg_catalog.max(us) filter (where number = 2) as high_us
  from side group by name, ends
), collected as materialized (
  select pg_catalog.array_agg(name order by low_us nulls first) as names,
    pg_catalog.array_agg(low_us::text order by low_us nulls first) as lows,
    pg_catalog.array_agg(high_us::text order by low_us nulls first) as highs
  from span, clock where high_us is null or high_us > clock.now_us
)
select clock.now_us::text as now_us, coalesce(names, '{}') as names, coalesce(lows, '{}') as lows, coalesce(highs, '{}') as highs,
  (select pg_catalog.set_config('DateStyle', style, true) from pinned) is not null as restored
from collected, clock`
