import { readCatalog } from '../../partitioning/catalog/read-catalog.ts'
import { checkPartitions } from '../../partitioning/check/check-partitions.ts'
import { PARTITION_RULES } from '../../partitioning/check/rules/index.ts'
import { type Command, defineCommand } from '../command.ts'
import { readServer } from '../connection/read-server.ts'
import { withConnection } from '../connection/with-connection.ts'
import { planReport } from '../report/plan-report.ts'
import { MIGRATION_OPTIONS, REPORT_OPTIONS } from '../report/report-options.ts'
import { PARTITION_OPTIONS, readPartitionSet } from './partition-set.ts'

/** `leasehold partitions check`: whether everything holds that has to hold of partitions at any time. */
export const partitionsCheck: Command = defineCommand({
  name: 'partitions check',
  summary:
    'Looks for holes between months, months that are missing ahead, and ways past the policies of the parent.',
  operands: '[table ...]',
  options: { ...PARTITION_OPTIONS, ...REPORT_OPTIONS, ...MIGRATION_OPTIONS },
  run: async (values, operands, terminal) => {
    const report = await planReport(values, terminal)
    const server = readServer(values, terminal)
    const set = await readPartitionSet(values, operands, terminal)
    const findings = await withConnection(server, { purpose: 'partitions check' }, async (client) =>
      checkPartitions(set, await readCatalog(client, set)),
    )
    return report(findings, { kind: 'partitions', rules: PARTITION_RULES })
  },
})
