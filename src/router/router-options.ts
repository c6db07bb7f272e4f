import type { PgPool, PoolOptions } from '../pool/pg-pool.ts'
import type { BalanceName } from './balance/create-balancer.ts'
import type { TokenStoreOptions } from './carrier/redis.ts'
import type { TokenKey } from './token/token-keys.ts'

/** One replica. Not a list of hosts behind one name: whoever spreads reads over those knows of none whether it is behind. */
export type ReplicaOptions = (PoolOptions | { readonly pool: PgPool }) & {
  /** Names it in events, snapshots and results. */
  readonly id: string
  /** Its availability zone. */
  readonly az?: string
  /** Its share of the reads beside that of the others. @default 1 */
  readonly weight?: number
}

/** Options of `createRouter`. */
export interface RouterOptions {
  /**
   * How reads are spread. With `round-robin` and `random` one slow replica makes its share of the reads slow until it is ejected;
   * `least-outstanding` and `two-choices` send less to it at once. @default 'round-robin'
   */
  readonly balance?: BalanceName
  /** The availability zone of this process, whose replicas are preferred. */
  readonly az?: string
  readonly tokens?: {
    /** Keys of at least 32 bytes that sign tokens: the first signs, all verify, so that they can be changed without a gap. */
    readonly keys?: readonly TokenKey[]
    /**
     * Keeps the token of each reader in Redis as well, by tenant and subject, so that it reads on one device what it wrote on
     * another. Costs one command before the first read of a scope, and one after each write.
     */
    readonly redis?: Pick<TokenStoreOptions, 'redis' | 'prefix' | 'timeoutMs' | 'maxPending'>
    /** Milliseconds for which a token is good. Longer than any replica may lag. @default 30000 */
    readonly ttlMs?: number
    /** Milliseconds that a read waits for a replica to have what it must see, before it goes to the primary. @default 50 */
    readonly waitMs?: number
  }
  /** How far a replica may be behind before reads that would bear it do not go to it. */
  readonly lag?: {
    /** @default 16777216 */
    readonly maxBytes?: number
    /** Milliseconds. @default 5000 */
    readonly maxMs?: number
  }
  readonly probe?: {
    /** Milliseconds between two probes of one server. @default 1000 */
    readonly intervalMs?: number
    /** Milliseconds that a probe may take. @default 300 */
    readonly timeoutMs?: number
  }
  /** How long a replica takes to get its whole share after it was away, in milliseconds. @default 30000 */
  readonly warmUpMs?: number
  /** What becomes of reads that no replica can serve. */
  readonly shed?: {
    /**
     * Connections to the primary for them alone, such as an alias of pgbouncer with a small pool of its own.
     * @default a pool of `maxConcurrent` connections with the configuration of `primary`; needed where that is a `pg.Pool`
     */
    readonly pool?: PoolOptions | PgPool
    /** How many of them the primary serves at a time. @default 8 */
    readonly maxConcurrent?: number
    /**
     * Their share of all reads, from 0 to 1, once the primary does not get done with them at once: when half of the connections
     * are busy. @default 0.2
     */
    readonly maxRatio?: number
    /**
     * What reads do that would bear to be behind, when every replica lags more than it may: go to the primary, to the replica
     * that lags least, or fail. @default 'primary'
     */
    readonly whenLagging?: 'primary' | 'stale' | 'refuse'
  }
  /** How many retries there may be, as a share of all reads. @default 0.1 */
  readonly retryRatio?: number
}

/** How fresh a read must be. */
export type Consistency = 'session' | 'eventual' | 'strong'

/** Which server a read may go to. */
export interface ReadChoice {
  /**
   * - `'replica'`: a replica, or the primary's share for such reads where none can serve it; makes the call read only
   * - `'primary'`: the primary
   *
   * @default 'replica' for what `current()` gives in the scope of a request whose method reads, else 'primary'
   */
  readonly route?: 'primary' | 'replica'
  /**
   * - `'session'`: no older than what the scope, or the token, has seen
   * - `'eventual'`: any replica that does not lag more than it may
   * - `'strong'`: the primary
   *
   * @default 'session'
   */
  readonly consistency?: Consistency
  /** Milliseconds that a replica may be behind for this call. @default the router's lag.maxMs */
  readonly maxStalenessMs?: number
}
