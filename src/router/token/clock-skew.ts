/** How far the clocks of two processes may differ, in milliseconds. */
export const CLOCK_SKEW_MS = 2_000
