import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Patient } from '../../patients/peer.ts'
import { judgeRows, randomPatient } from '../../patients/workload.ts'
import { tenantId } from '../../topology/schema.ts'
import { answerOrders } from '../answering.ts'
import { ErrorTally } from '../errors-seen.ts'
import { CallLedger } from './call-ledger.ts'
import type { SlowFigures, SlowOrder, SlowStart } from './messages.ts'
import { keepPace } from './pace.ts'
import { SLOW_WAYS } from './ways.ts'

/*
 * The application in a process of its own. The first tenant is the one that asks for what takes long; all others go on reading and
 * writing meanwhile.
 */

/** How long an answer may take that was asked for at the very end. */
const LAST_ANSWERS_MS = 100

const start: SlowStart = JSON.parse(process.argv[2] ?? '')
const connected = SLOW_WAYS[start.way](start)
answerOrders(run)

async function run(order: SlowOrder): Promise<SlowFigures> {
  const way = await connected
  const [reads, writes, slow] = [new CallLedger(), new CallLedger(), new CallLedger()]
  const errors = new ErrorTally()
  let foreignRows = 0
  let isOver = false

  async function call(
    ledger: CallLedger,
    dueMs: number,
    { tenant, id }: ReturnType<typeof randomPatient>,
    ask: (tenant: string, id: string) => Promise<readonly Patient[]>,
  ): Promise<void> {
    const ended = ledger.enter(dueMs)
    try {
      const verdict = judgeRows(await ask(tenant, id), 1, tenant, id)
      foreignRows += verdict.foreignRows
      if (verdict.fault !== undefined) errors.add(verdict.fault)
    } catch (error) {
      errors.add(error)
    }
    ended(performance.now())
  }

  const pace = (
    perSecond: number,
    ledger: CallLedger,
    ask: (tenant: string, id: string) => Promise<readonly Patient[]>,
  ) =>
    keepPace(
      perSecond,
      () => isOver,
      (dueMs) => void call(ledger, dueMs, randomPatient(1), ask),
    )
  const others = [
    pace(order.readsPerSecond, reads, (tenant, id) => way.read(tenant, id)),
    pace(order.writesPerSecond, writes, (tenant, id) => way.write(tenant, id, `+41 ${id}`)),
  ]
  await sleep(order.warmUpMs)
  const measuredFrom = performance.now()
  await sleep(order.beforeMs)
  const slowFrom = performance.now()
  const patient = { tenant: tenantId(0), id: '1' }
  const slowReads = Array.from({ length: order.slowReads }, (_, index) =>
    call(slow, slowFrom, patient, (tenant, id) =>
      way.slow(tenant, id, order.freshTexts ? String(index) : 'slow'),
    ),
  )
  const limit = new AbortController()
  await Promise.race([
    Promise.all(slowReads),
    sleep(order.limitMs, undefined, { signal: limit.signal }).catch(() => {}),
  ])
  limit.abort()
  const until = performance.now()
  isOver = true
  await Promise.all(others)
  await sleep(LAST_ANSWERS_MS)
  const { during, unanswered } = slow.figures(slowFrom, slowFrom, performance.now())
  return {
    reads: reads.figures(measuredFrom, slowFrom, until),
    writes: writes.figures(measuredFrom, slowFrom, until),
    slow: { answered: during.calls - unanswered, unanswered, tookMs: until - slowFrom },
    errors: errors.seen(),
    foreignRows,
  }
}
