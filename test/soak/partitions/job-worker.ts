import pg from 'pg'
import { readCatalog } from '../../../src/partitioning/catalog/read-catalog.ts'
import type { PartitionSet } from '../../../src/partitioning/definition/partition-options.ts'
import { planPartitions } from '../../../src/partitioning/plan/plan-partitions.ts'
import { applyPlan } from '../../../src/partitioning/run/apply-plan.ts'

/** What a job is started with. */
export interface JobOrder {
  readonly url: string
  readonly set: PartitionSet
}

/** Told before each step. */
export interface JobNews {
  readonly step: string
  readonly number: number
}

const order: JobOrder = JSON.parse(process.argv[2] ?? '')

/*
 * A run of the job in a process of its own, which is killed. It says what it begins, and ends by itself when nobody kills it; that what
 * it talks to goes away is what is to be survived.
 */
const client = new pg.Client({ connectionString: order.url, application_name: 'partition soak' })
client.on('error', () => {})
try {
  await client.connect()
  const replan = async () => planPartitions(order.set, await readCatalog(client, order.set))
  await applyPlan(await replan(), client, {
    replan,
    onEvent: (event) => {
      if (event.type !== 'begin') return
      const news: JobNews = { step: event.step.id, number: event.number }
      process.send?.(news)
    },
  })
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
} finally {
  await client.end().catch(() => {})
  process.disconnect?.()
}
