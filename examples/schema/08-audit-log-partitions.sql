-- The months of 2026, which the demo's data covers.
--
-- A statement that names a partition is not held by the policies of its parent. So the partitions lie in a schema that
-- the application cannot use, are granted to nobody, and have row level security without any policy, which shows no
-- rows. Through audit_log they are reached all the same.

create schema audit_log_months authorization clinic_owner;

set role clinic_owner;

do $$
declare
  first timestamp;
  month text;
begin
  for n in 1..12 loop
    first := make_timestamp(2026, n, 1, 0, 0, 0);
    month := 'audit_log_months.' || to_char(first, '"audit_log_"YYYY_MM');
    -- The bounds are instants in UTC, whatever the time zone of the session that runs this.
    execute format('create table %s partition of audit_log for values from (%L) to (%L)',
      month, first || '+00', first + interval '1 month' || '+00');
    execute format('alter table %s enable row level security', month);
    execute format('alter table %s force row level security', month);
  end loop;
end $$;

reset role;
