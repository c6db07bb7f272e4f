import { readCatalog } from '../../partitioning/catalog/read-catalog.ts'
import { planPartitions } from '../../partitioning/plan/plan-partitions.ts'
import { explainLocks, printPlan } from '../../partitioning/plan/print-plan.ts'
import { type Command, defineCommand } from '../command.ts'
import { readServer } from '../connection/read-server.ts'
import { withConnection } from '../connection/with-connection.ts'
import { PARTITION_OPTIONS, readPartitionSet } from './partition-set.ts'
import { keepPhases, PHASE_OPTIONS, readPhases } from './phases.ts'
import { reportPlan } from './report-plan.ts'

/** `leasehold partitions plan`: what a run would do now. */
export const partitionsPlan: Command = defineCommand({
  name: 'partitions plan',
  summary: 'Prints the steps that partitions need now, with the SQL of each. Changes nothing.',
  operands: '[table ...]',
  options: {
    ...PARTITION_OPTIONS,
    ...PHASE_OPTIONS,
    'explain-locks': {
      type: 'boolean',
      help: 'prints the locks that each step takes, in the place of its SQL',
    },
    json: { type: 'boolean', help: 'prints the steps as JSON' },
  },
  run: async (values, operands, terminal) => {
    const phases = readPhases(values.only)
    const server = readServer(values, terminal)
    const set = await readPartitionSet(values, operands, terminal)
    return withConnection(server, { purpose: 'partitions plan' }, async (client) => {
      const plan = keepPhases(planPartitions(set, await readCatalog(client, set)), phases)
      return reportPlan(plan, terminal, values.json, values['explain-locks'] ? explainLocks : printPlan)
    })
  },
})
