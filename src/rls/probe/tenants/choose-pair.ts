/** More than tables that there can be. */
const EITHER = 1_000_000

/**
 * Chooses two tenants that have rows in the same tables, in as many as can be; of equals the ones whose ids come first, so that every
 * run takes the same two.
 *
 * @param presence the tables that each has rows in
 */
export function choosePair<Table>(
  presence: ReadonlyMap<string, ReadonlySet<Table>>,
): readonly [string, string] | undefined {
  const tenants = [...presence]
    .filter(([, tables]) => tables.size > 0)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  let best: { readonly pair: readonly [string, string]; readonly score: number } | undefined
  for (const [index, [first, tables]] of tenants.entries()) {
    for (const [second, others] of tenants.slice(index + 1)) {
      const shared = [...tables].filter((table) => others.has(table)).length
      // Tables that both have count before tables that either has.
      const score = shared * EITHER + tables.size + others.size - shared
      if (!best || score > best.score) best = { pair: [first, second], score }
    }
  }
  return best?.pair
}
