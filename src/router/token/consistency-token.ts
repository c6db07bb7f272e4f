import type { WalPosition } from './wal-position.ts'

/** Whom a token was given to. */
export interface TokenOwner {
  readonly tenant: string
  /** A user or session id; '' where the application gives none, and then the token holds for the whole tenant. */
  readonly subject: string
}

/** Says: whoever reads with this must see at least so much. */
export interface ConsistencyToken extends TokenOwner {
  /** When it was issued, in whole milliseconds since 1970 by the clock of who issued it. */
  readonly issuedAtMs: number
  /**
   * What must have been replayed. `undefined`: nobody knows, because COMMIT was answered and the position was lost; then only the
   * primary will do until the time to live is over.
   */
  readonly position: WalPosition | undefined
  /**
   * Beside a position: when the position of another write was lost, for which only the primary will do until the time to live
   * since then is over. It makes the maximum of two such tokens one token that holds nobody to the primary for longer.
   */
  readonly lostAtMs?: number | undefined
}

/** When a position was lost that this token stands for; nothing where none was. */
export function lostAt({ position, issuedAtMs, lostAtMs }: ConsistencyToken): number | undefined {
  return position ? lostAtMs : issuedAtMs
}
