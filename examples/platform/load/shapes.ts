/** How requests come. */
export const LOADS = ['steady', 'realistic'] as const
export type LoadShape = (typeof LOADS)[number]

/** When the next request is due, in milliseconds from the one before; and whose it is. */
export interface Arrivals {
  nextGapMs(elapsedMs: number): number
  /** Which of so many clinics. */
  nextClinic(clinics: number): number
}

/**
 * `steady` sends one request after the other at an even pace, from each clinic as many. `realistic` is as clinics are: requests come by
 * chance (exponential gaps), in a tide that a minute stands for a day of, and the large clinics send most of them (Zipf).
 *
 * @param perSecond on average
 * @param random from 0 to 1
 */
export function arrivals(shape: LoadShape, perSecond: number, random: () => number): Arrivals {
  if (shape === 'steady') {
    let turn = 0
    return {
      nextGapMs: () => 1_000 / perSecond,
      nextClinic: (clinics) => turn++ % clinics,
    }
  }
  return {
    nextGapMs: (elapsedMs) => (-Math.log(1 - random()) * 1_000) / (perSecond * tide(elapsedMs)),
    nextClinic: (clinics) => zipf(clinics, random()),
  }
}

const DAY_MS = 60_000

/** From a tenth at night to almost double before noon; 1 on average. */
export function tide(elapsedMs: number): number {
  return 1 - 0.9 * Math.cos((2 * Math.PI * elapsedMs) / DAY_MS)
}

/** The rank that a point of 0 to 1 falls on, where rank r has a share in proportion to 1 / (r + 1). */
export function zipf(ranks: number, point: number): number {
  let total = 0
  for (let rank = 1; rank <= ranks; rank += 1) total += 1 / rank
  let left = point * total
  for (let rank = 1; rank < ranks; rank += 1) {
    left -= 1 / rank
    if (left < 0) return rank - 1
  }
  return ranks - 1
}
