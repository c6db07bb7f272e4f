import type { RedisServerSnapshot } from '../redis/redis-server.ts'

/** How Redis stands, as this process sees it. */
export interface FencesSnapshot {
  /** Whether every known server can be used; false while none is known. */
  readonly isUsable: boolean
  readonly servers: readonly RedisServerSnapshot[]
}
