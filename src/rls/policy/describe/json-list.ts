/**
 * SQL for a JSON array of what a FROM clause yields, empty where that is nothing. Of `json`, which is put together as text:
 * `jsonb` is taken apart and built anew at every level, which took 13 s for 6,000 tables.
 */
export function jsonList(element: string, from: string): string {
  return `(select coalesce(json_agg(${element}), '[]') from ${from})`
}
