/** One operation of one session on one key, whose versions only ever grow. Times are of one clock, in any unit. */
export interface Operation {
  readonly session: string
  readonly kind: 'write' | 'read'
  readonly key: string
  /** What was written, or seen; 0 where nothing was there. */
  readonly version: number
  /** When it was asked for, and when it was answered. */
  readonly from: number
  readonly to: number
}
