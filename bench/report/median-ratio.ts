/** A median with an interval that encloses it with at least 95 % confidence, whatever the distribution. */
export interface MedianRatio {
  readonly median: number
  readonly low: number
  readonly high: number
}

/**
 * The median of the ratios of each round, with the order statistics around it as its interval. Below six rounds even the
 * extremes enclose it with less confidence.
 */
export function medianRatio(ratios: readonly number[]): MedianRatio {
  const sorted = [...ratios].sort((a, b) => a - b)
  const at = (index: number) => sorted[index] ?? Number.NaN
  const middle = (sorted.length - 1) / 2
  const skip = outsideEachSide(sorted.length)
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    low: at(skip),
    high: at(sorted.length - 1 - skip),
  }
}

/** How many values may be left out on each side: each lies beyond the median like a coin that is thrown. */
function outsideEachSide(rounds: number): number {
  let coefficient = 1
  let beyond = 0
  for (let heads = 0; heads < rounds / 2; heads += 1) {
    beyond += coefficient / 2 ** rounds
    if (beyond > 0.025) return Math.max(0, heads - 1)
    coefficient = (coefficient * (rounds - heads)) / (heads + 1)
  }
  return 0
}
