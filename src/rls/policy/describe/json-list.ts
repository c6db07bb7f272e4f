/** SQL for a JSON array of what a FROM clause yields, empty where that is nothing. */
export function jsonList(element: string, from: string): string {
  return `(select coalesce(jsonb_agg(${element}), '[]') from ${from})`
}
