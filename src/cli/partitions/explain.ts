import { readCatalog } from '../../partitioning/catalog/read-catalog.ts'
import { planPartitions } from '../../partitioning/plan/plan-partitions.ts'
import { explainLocks } from '../../partitioning/plan/print-plan.ts'
import { type Command, defineCommand } from '../command.ts'
import { readServer } from '../connection/read-server.ts'
import { withConnection } from '../connection/with-connection.ts'
import { EXIT } from '../exit-code.ts'
import { describeRefusal } from './describe-refusal.ts'
import { describeTable, partitionsOf } from './describe-table.ts'
import { PARTITION_OPTIONS, readPartitionSet } from './partition-set.ts'
import { shownStep } from './plan-json.ts'

/** `leasehold partitions explain`: how everything stands, what comes next, and whom it locks out. */
export const partitionsExplain: Command = defineCommand({
  name: 'partitions explain',
  summary:
    'Says of each partition how it stands, and of each step that comes next why, and which locks it takes.',
  operands: '[table ...]',
  options: {
    ...PARTITION_OPTIONS,
    json: { type: 'boolean', help: 'prints it as JSON' },
  },
  run: async (values, operands, terminal) => {
    const server = readServer(values, terminal)
    const set = await readPartitionSet(values, operands, terminal)
    const catalog = await withConnection(server, { purpose: 'partitions explain' }, (client) =>
      readCatalog(client, set),
    )
    const plan = planPartitions(set, catalog)
    if (values.json) {
      const tables = catalog.tables.map((table) => ({
        table: `${set.schema}.${table.definition.name}`,
        partitions: partitionsOf(table),
      }))
      terminal.print(JSON.stringify({ tables, steps: plan.steps.map(shownStep), refusals: plan.refusals }))
      return EXIT.done
    }
    terminal.print(
      [
        ...catalog.tables.map((table) => describeTable(set, table)),
        ...(plan.refusals.length > 0 ? ['Refused:', ...plan.refusals.map(describeRefusal)] : []),
        plan.steps.length > 0 ? explainLocks(plan).trimEnd() : 'Nothing is to be done.',
      ].join('\n\n'),
    )
    return EXIT.done
  },
})
