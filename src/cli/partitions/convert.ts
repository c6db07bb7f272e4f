import { planConvert } from '../../partitioning/convert/plan-convert.ts'
import { type Command, defineCommand } from '../command.ts'
import { readServer } from '../connection/read-server.ts'
import { withConnection } from '../connection/with-connection.ts'
import { oneTable, PARTITION_OPTIONS, readPartitionSet } from './partition-set.ts'
import { RUN_OPTIONS, runPlan } from './run-plan.ts'

/** `leasehold partitions convert`: a plain table becomes a partitioned one. */
export const partitionsConvert: Command = defineCommand({
  name: 'partitions convert',
  summary:
    'Makes a plain table a partitioned one while it is in use: all its rows become its first partition.',
  operands: '[table]',
  options: {
    ...PARTITION_OPTIONS,
    ...RUN_OPTIONS,
    'accept-key': {
      type: 'boolean',
      help: 'takes the partition key into the primary key, which no longer keeps the rest of it unique',
    },
  },
  run: async (values, operands, terminal) => {
    const server = readServer(values, terminal)
    const set = await readPartitionSet(values, operands, terminal)
    const { name } = oneTable(set)
    return withConnection(server, { purpose: 'partitions convert', queryTimeoutMs: 0 }, async (client) => {
      const plan = await planConvert(client, set, name, { acceptKey: values['accept-key'] })
      return runPlan(plan, { client, values, terminal, set })
    })
  },
})
