import { setupSql } from '../../partitioning/setup/setup-sql.ts'
import { type Command, defineCommand } from '../command.ts'
import { readName } from '../config/config-values.ts'
import { EXIT } from '../exit-code.ts'
import { readPartitionSet, SET_OPTIONS } from './partition-set.ts'

/** `leasehold partitions setup`: what a superuser runs once. */
export const partitionsSetup: Command = defineCommand({
  name: 'partitions setup',
  summary:
    'Prints the SQL that a superuser runs once: roles of the job, its schemas, and the guard against drops without an archive.',
  options: {
    ...SET_OPTIONS,
    owner: { type: 'string', value: '<role>', help: 'who owns the partitioned tables; exists [owner]' },
    'job-role': { type: 'string', value: '<role>', help: 'who the job logs in as [partition_job]' },
    'archiver-role': {
      type: 'string',
      value: '<role>',
      help: 'who reads what is archived [partition_archiver]',
    },
  },
  run: async (values, _operands, terminal) => {
    const set = await readPartitionSet(values, [], terminal)
    const statements = setupSql(set, {
      owner: readName(values.owner ?? 'owner', '--owner'),
      job: readName(values['job-role'] ?? 'partition_job', '--job-role'),
      archiver: readName(values['archiver-role'] ?? 'partition_archiver', '--archiver-role'),
    })
    terminal.print(
      [
        '-- Run this once, as a superuser, in one transaction. It may be run again.',
        'begin;',
        ...statements,
        'commit;',
      ].join('\n'),
    )
    return EXIT.done
  },
})
