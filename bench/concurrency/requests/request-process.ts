import { performance } from 'node:perf_hooks'
import { judgeRows, randomPatient } from '../../patients/workload.ts'
import { answerOrders } from '../answering.ts'
import { ErrorTally } from '../errors-seen.ts'
import { summarize } from '../latencies.ts'
import type { RequestFigures, RequestOrder, RequestStart } from './messages.ts'
import { REQUEST_WAYS } from './ways.ts'

/* The application in a process of its own. */

const start: RequestStart = JSON.parse(process.argv[2] ?? '')
const connected = REQUEST_WAYS[start.way](start)
answerOrders(serve)

async function serve({ atOnce, outsideMs, durationMs }: RequestOrder): Promise<RequestFigures> {
  const handle = await connected
  const tookMs: number[] = []
  const errors = new ErrorTally()
  let foreignRows = 0
  const cpu = process.cpuUsage()
  const startedAt = performance.now()
  const until = startedAt + durationMs

  async function request(): Promise<void> {
    for (let beganAt = performance.now(); beganAt < until; beganAt = performance.now()) {
      const { tenant, id } = randomPatient()
      try {
        const verdict = judgeRows(await handle(tenant, id, outsideMs), 2, tenant, id)
        foreignRows += verdict.foreignRows
        if (verdict.fault === undefined) tookMs.push(performance.now() - beganAt)
        else errors.add(verdict.fault)
      } catch (error) {
        errors.add(error)
      }
    }
  }

  await Promise.all(Array.from({ length: atOnce }, request))
  const elapsedMs = performance.now() - startedAt
  const { user, system } = process.cpuUsage(cpu)
  return {
    latencies: summarize(tookMs),
    elapsedMs,
    cpuUs: user + system,
    errors: errors.seen(),
    foreignRows,
  }
}
