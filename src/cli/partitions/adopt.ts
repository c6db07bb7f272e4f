import { planAdopt } from '../../partitioning/adopt/plan-adopt.ts'
import { type Command, defineCommand } from '../command.ts'
import { readServer } from '../connection/read-server.ts'
import { withConnection } from '../connection/with-connection.ts'
import { oneTable, PARTITION_OPTIONS, readPartitionSet } from './partition-set.ts'
import { RUN_OPTIONS, runPlan } from './run-plan.ts'

/** `leasehold partitions adopt`: rescues the rows of a DEFAULT partition. */
export const partitionsAdopt: Command = defineCommand({
  name: 'partitions adopt',
  summary: 'Makes a DEFAULT partition the one of the months that its rows lie in, while it is in use.',
  operands: '[table]',
  options: { ...PARTITION_OPTIONS, ...RUN_OPTIONS },
  run: async (values, operands, terminal) => {
    const server = readServer(values, terminal)
    const set = await readPartitionSet(values, operands, terminal)
    const { name } = oneTable(set)
    return withConnection(server, { purpose: 'partitions adopt', queryTimeoutMs: 0 }, async (client) =>
      runPlan(await planAdopt(client, set, name), { client, values, terminal, set }),
    )
  },
})
