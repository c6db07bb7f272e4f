/** How long a step may make others wait, and how long it is tried. */
export interface RolloutLimits {
  /**
   * Milliseconds that a brief step waits for its locks. Whoever comes after it waits behind it for as long.
   * @default 50
   */
  readonly lockTimeoutMs: number
  /**
   * Milliseconds for which a brief step holds its locks once it has them, at most; then it is undone and tried again.
   * @default 100
   */
  readonly holdTimeoutMs: number
  /**
   * Milliseconds for a long step, which blocks neither readers nor writers.
   * @default 14_400_000
   */
  readonly longTimeoutMs: number
  /**
   * Milliseconds after which a step that never gets its locks is given up.
   * @default 600_000
   */
  readonly giveUpAfterMs: number
}

export const ROLLOUT_LIMITS: RolloutLimits = {
  lockTimeoutMs: 50,
  holdTimeoutMs: 100,
  longTimeoutMs: 14_400_000,
  giveUpAfterMs: 600_000,
}
