/** Positions in the log that stand for those of the model. Halves that go up and down show who compares them as text, or one half only. */
const POSITIONS: readonly string[] = [
  '00000000FFFFFFF0',
  '0000000100000001',
  '00000001A0000000',
  '0000000A00000002',
]

/** The position of so many commits, as fences hold it. */
export function positionDigits(commits: number): string {
  const digits = POSITIONS[commits]
  if (digits === undefined) throw new RangeError(`no position for ${commits} commits`)
  return digits
}

/** How many commits a position stands for. */
export function commitsAt(digits: string): number {
  return POSITIONS.indexOf(digits)
}
