import { Child } from '../../processes/child.ts'
import { type Failed, refuseFailed } from '../answering.ts'
import { endSessions, type Servers, startFreshPooler } from '../servers.ts'
import type { SlowFigures, SlowOrder, SlowStart } from './messages.ts'
import { type SlowCase, slowLabel } from './ways.ts'

export const SLOW_READS = 100
export const READS_PER_SECOND = 500
export const WRITES_PER_SECOND = 50
/** More than anybody opens: it is not pgbouncer that makes anyone wait. */
const POOL_SIZE = 20
const WARM_UP_MS = 1_500
const BEFORE_MS = 2_000
/** Enough for all slow reads on the connections that they may have. */
const ALL_ANSWERED_MS = 120_000
const GRACE_MS = 60_000

/** One case, once. */
export async function measureSlow(
  servers: Servers,
  slowCase: SlowCase,
  entry: string,
  windowMs: number,
): Promise<SlowFigures> {
  const { way, connections, freshTexts, untilAnswered } = slowCase
  try {
    await using pooler = await startFreshPooler(servers, POOL_SIZE)
    const start: SlowStart = {
      way,
      url: pooler.url({ user: 'app', database: 'postgres' }),
      unscopedUrl: pooler.url({ user: 'unscoped', database: 'postgres' }),
      connections,
      entry,
    }
    await using child = new Child(new URL('slow-process.ts', import.meta.url), start)
    const order: SlowOrder = {
      readsPerSecond: READS_PER_SECOND,
      writesPerSecond: WRITES_PER_SECOND,
      warmUpMs: WARM_UP_MS,
      beforeMs: BEFORE_MS,
      slowReads: SLOW_READS,
      freshTexts,
      limitMs: untilAnswered ? ALL_ANSWERED_MS : windowMs,
    }
    const patienceMs = WARM_UP_MS + BEFORE_MS + order.limitMs + GRACE_MS
    return refuseFailed(slowLabel(slowCase), await child.ask<SlowFigures | Failed>(order, patienceMs))
  } finally {
    await endSessions(servers)
  }
}
