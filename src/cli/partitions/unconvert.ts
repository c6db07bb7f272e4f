import { planUnconvert } from '../../partitioning/convert/plan-unconvert.ts'
import { type Command, defineCommand } from '../command.ts'
import { readServer } from '../connection/read-server.ts'
import { withConnection } from '../connection/with-connection.ts'
import { oneTable, PARTITION_OPTIONS, readPartitionSet } from './partition-set.ts'
import { RUN_OPTIONS, runPlan } from './run-plan.ts'

/** `leasehold partitions unconvert`: takes a conversion back. */
export const partitionsUnconvert: Command = defineCommand({
  name: 'partitions unconvert',
  summary: 'Takes a conversion back, as long as every row lies in the first partition.',
  operands: '[table]',
  options: { ...PARTITION_OPTIONS, ...RUN_OPTIONS },
  run: async (values, operands, terminal) => {
    const server = readServer(values, terminal)
    const set = await readPartitionSet(values, operands, terminal)
    const { name } = oneTable(set)
    return withConnection(server, { purpose: 'partitions unconvert', queryTimeoutMs: 0 }, async (client) =>
      runPlan(await planUnconvert(client, set, name), { client, values, terminal, set }),
    )
  },
})
