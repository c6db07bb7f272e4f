/** How batches share connections. */
export interface MultiplexOptions {
  /**
   * Batches that are in flight on one connection at once, at most. Always one behind a pooler that is not known to bear more, as
   * pgbouncer before 1.21, or with `max_prepared_statements` 0, by which it is told. @default 32
   */
  readonly depth?: number
  /** Milliseconds after which a batch that is still running has its connection for itself. @default 20 */
  readonly slowMs?: number
  /**
   * Whether writes share connections too. A connection that is lost leaves all the writes on it in doubt, and a slow one holds up
   * those behind it, which are not sent again elsewhere as reads are. @default false
   */
  readonly writes?: boolean
}

/** {@link MultiplexOptions} with every default filled in. */
export type MultiplexRules = Required<MultiplexOptions>
