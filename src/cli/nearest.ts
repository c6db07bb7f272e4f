/** Changes of one character that are taken for a slip. */
const MOST_SLIPS = 3

/** The known word that a mistyped one is nearest to, or `undefined` where none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((candidate) => ({ candidate, slips: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ slips, candidate }) => slips <= Math.min(MOST_SLIPS, Math.ceil(candidate.length / 3)))
    .toSorted((a, b) => a.slips - b.slips)
  return best?.candidate
}

/** ` Did you mean --url?`, or nothing. */
export function suggest(word: string, known: readonly string[]): string {
  const candidate = nearest(word, known)
  return candidate === undefined ? '' : ` Did you mean ${candidate}?`
}

/** Characters to insert, remove or replace to make one word the other (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, left] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, right] of [...b].entries()) {
      const replace = (row[j] ?? 0) + (left === right ? 0 : 1)
      next.push(Math.min(replace, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
