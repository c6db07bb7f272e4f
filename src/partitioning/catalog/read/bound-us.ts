/**
 * SQL of one end of a range as microseconds of the Unix epoch, in decimal digits; NULL where it is open, which an infinite one is as well.
 * Of a `uuid`, its first 48 bits are milliseconds.
 *
 * The server turns it into a number, as it has printed it: its text is another one in another session's time zone or date style.
 *
 * @param end SQL of the text that `pg_get_expr` gives: a quoted literal, MINVALUE or MAXVALUE
 * @param type SQL of the `typname` of the key
 * @see https://www.rfc-editor.org/rfc/rfc9562#section-5.7
 */
export function boundUs(end: string, type: string): string {
  const literal = `pg_catalog.btrim(${end}, '''')`
  const epoch = (as: string) =>
    `case when pg_catalog.isfinite(${literal}::pg_catalog.${as}) then pg_catalog.trunc(extract(epoch from ${literal}::pg_catalog.${as}) * 1000000)::text end`
  return `case when ${end} in ('MINVALUE', 'MAXVALUE') then null else case ${type}
    when 'timestamptz' then ${epoch('timestamptz')}
    when 'timestamp' then ${epoch('timestamp')}
    when 'date' then ${epoch('date')}
    when 'uuid' then (('x' || pg_catalog.lpad(pg_catalog.left(pg_catalog.replace(${literal}, '-', ''), 12), 16, '0'))::pg_catalog.bit(64)::pg_catalog.int8 * 1000)::text
  end end`
}
