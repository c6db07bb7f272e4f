import { ConfigError } from '../../errors/config.ts'
import { readCatalog } from '../../partitioning/catalog/read-catalog.ts'
import { type Command, defineCommand } from '../command.ts'
import { readServer } from '../connection/read-server.ts'
import { openConnection, withConnection } from '../connection/with-connection.ts'
import { Sinks } from './archiving.ts'
import { chooseRestore } from './choose-restore.ts'
import { PARTITION_OPTIONS, readPartitionSet } from './partition-set.ts'
import { RUN_OPTIONS, runPlan } from './run-plan.ts'

/** `leasehold partitions restore`: rows that were taken away are seen through their table again. */
export const partitionsRestore: Command = defineCommand({
  name: 'partitions restore',
  summary: 'Attaches a detached partition again, or loads one that was dropped from its archive.',
  operands: '<partition>',
  options: { ...PARTITION_OPTIONS, ...RUN_OPTIONS },
  run: async (values, operands, terminal) => {
    const [partition, another] = operands
    if (partition === undefined || another !== undefined) {
      throw new ConfigError('leasehold partitions restore takes one partition, such as audit_log_2019_08.')
    }
    const server = readServer(values, terminal)
    const set = await readPartitionSet(values, [], terminal)
    await using sinks = new Sinks()
    return withConnection(server, { purpose: 'partitions restore', queryTimeoutMs: 0 }, async (client) => {
      const catalog = await readCatalog(client, set)
      const restore = await chooseRestore({ set, catalog, partition, sinks, client })
      if (restore.load && !values['dry-run']) {
        terminal.note(`Loading ${partition} from its archive.`)
        await restore.load({
          connect: () =>
            openConnection(server, { purpose: 'partitions restore, loading', queryTimeoutMs: 0 }),
          signal: terminal.interruption(),
          onProgress: (rows) => terminal.note(`  ${rows} rows`),
        })
      }
      return runPlan(restore.plan, { client, values, terminal, set })
    })
  },
})
