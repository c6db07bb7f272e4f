import { ConfigError } from '../../errors/config.ts'
import { readCatalog } from '../../partitioning/catalog/read-catalog.ts'
import { heldPartitions, planHold } from '../../partitioning/hold/plan-hold.ts'
import { printable } from '../../rls/report/printable.ts'
import { type Command, defineCommand } from '../command.ts'
import { readServer } from '../connection/read-server.ts'
import { withConnection } from '../connection/with-connection.ts'
import { EXIT } from '../exit-code.ts'
import { PARTITION_OPTIONS, readPartitionSet } from './partition-set.ts'
import { RUN_OPTIONS, runPlan } from './run-plan.ts'

/** `leasehold partitions hold`: what must be kept, however old it is. */
export const partitionsHold: Command = defineCommand({
  name: 'partitions hold',
  summary:
    'Keeps a partition from being retired and dropped, or lets it go again. Without one, lists those that are held.',
  operands: '[partition]',
  options: {
    ...PARTITION_OPTIONS,
    ...RUN_OPTIONS,
    reason: { type: 'string', value: '<text>', help: 'why it must be kept, such as the number of a case' },
    release: { type: 'boolean', help: 'lets it go again' },
  },
  run: async (values, operands, terminal) => {
    const [partition, another] = operands
    const { reason, release } = values
    if (another !== undefined)
      throw new ConfigError('leasehold partitions hold takes one partition at a time.')
    if (
      (partition === undefined) !== (reason === undefined && !release) ||
      (release && reason !== undefined)
    ) {
      throw new ConfigError(
        'leasehold partitions hold takes a partition with either --reason <text> or --release, or nothing to list them.',
      )
    }
    const server = readServer(values, terminal)
    const set = await readPartitionSet(values, [], terminal)
    return withConnection(server, { purpose: 'partitions hold' }, async (client) => {
      const catalog = await readCatalog(client, set)
      if (partition !== undefined) {
        return runPlan(planHold(set, catalog, { partition, reason }), { client, values, terminal, set })
      }
      const held = heldPartitions(catalog)
      const lines = held.map((row) => printable(`${row.table}, ${row.partition}: ${row.reason}`))
      terminal.print(values.json ? JSON.stringify({ held }) : lines.join('\n') || 'No partition is held.')
      return EXIT.done
    })
  },
})
