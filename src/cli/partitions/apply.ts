import type pg from 'pg'
import { archivePartition } from '../../partitioning/archive/archive-partition.ts'
import { readCatalog } from '../../partitioning/catalog/read-catalog.ts'
import type { PartitionSet } from '../../partitioning/definition/partition-options.ts'
import { planPartitions } from '../../partitioning/plan/plan-partitions.ts'
import type { PartitionStep } from '../../partitioning/plan/step.ts'
import type { ApplyOptions } from '../../partitioning/run/apply-options.ts'
import { type Command, defineCommand } from '../command.ts'
import { findArchiver, readServer } from '../connection/read-server.ts'
import { readServerUrl, type ServerUrl } from '../connection/server-url.ts'
import { openConnection, withConnection } from '../connection/with-connection.ts'
import { ARCHIVER_OPTIONS } from '../options/common-options.ts'
import type { Terminal } from '../terminal.ts'
import { archiverConnections, Sinks, tenantHashKey } from './archiving.ts'
import { PARTITION_OPTIONS, readPartitionSet } from './partition-set.ts'
import { keepPhases, PHASE_OPTIONS, readPhases } from './phases.ts'
import { RUN_OPTIONS, runPlan } from './run-plan.ts'

/** `leasehold partitions apply`: does what `partitions plan` prints. */
export const partitionsApply: Command = defineCommand({
  name: 'partitions apply',
  summary: 'Makes months ahead and takes old ones away, step by step, beside readers and writers.',
  operands: '[table ...]',
  options: {
    ...PARTITION_OPTIONS,
    ...PHASE_OPTIONS,
    ...RUN_OPTIONS,
    ...ARCHIVER_OPTIONS,
    'replica-url': {
      type: 'string',
      multiple: true,
      value: '<postgres://...>',
      help: 'a replica whose readers no detach may cancel; each one of them [LEASEHOLD_REPLICA_URLS, by commas]',
    },
  },
  run: async (values, operands, terminal) => {
    const phases = readPhases(values.only)
    const server = readServer(values, terminal)
    const archiver = findArchiver(values, terminal)
    const replicas = readReplicas(values['replica-url'], terminal)
    const set = await readPartitionSet(values, operands, terminal)
    await using cleanUp = new AsyncDisposableStack()
    const sinks = cleanUp.use(new Sinks())
    return withConnection(server, { purpose: 'partitions apply', queryTimeoutMs: 0 }, async (client) => {
      const planned = async () => keepPhases(planPartitions(set, await readCatalog(client, set)), phases)
      const plan = await planned()
      const more: Partial<ApplyOptions> = {
        replan: planned,
        replicas: await openReplicas(replicas, cleanUp),
        ...(archiver ? { archive: archiving(set, archiver, sinks, terminal) } : {}),
      }
      return runPlan(plan, { client, values, terminal, set, more })
    })
  },
})

function readReplicas(given: readonly string[], { env }: Terminal): readonly ServerUrl[] {
  const fromEnv = (env.LEASEHOLD_REPLICA_URLS ?? '').split(',').filter((url) => url !== '')
  const [urls, source] = given.length > 0 ? [given, '--replica-url'] : [fromEnv, 'LEASEHOLD_REPLICA_URLS']
  return urls.flatMap((value) => {
    const url = readServerUrl({ name: source, value }, { name: source, value: undefined })
    return url ? [url] : []
  })
}

/** A replica that is down defers no step of the primary's, but one that cannot be asked may have readers: so it is an error. */
async function openReplicas(
  replicas: readonly ServerUrl[],
  cleanUp: AsyncDisposableStack,
): Promise<NonNullable<ApplyOptions['replicas']>> {
  const opened: { readonly name: string; readonly client: pg.Client }[] = []
  for (const replica of replicas) {
    const client = await openConnection(replica, { purpose: 'partitions apply, looking on' })
    cleanUp.defer(() => client.end())
    opened.push({ name: `${client.host}:${client.port}`, client })
  }
  return opened
}

function archiving(
  set: PartitionSet,
  archiver: ServerUrl,
  sinks: Sinks,
  terminal: Terminal,
): NonNullable<ApplyOptions['archive']> {
  return async ({ table, partition, relation }: PartitionStep, signal) => {
    const definition = set.tables.find(({ name }) => `${set.schema}.${name}` === table)
    const sink = definition && (await sinks.of(definition))
    if (!relation || !sink || !definition.archive || partition === undefined) {
      throw new Error(`${table} has a step to archive ${partition ?? 'nothing'}, and no archive.`)
    }
    await archivePartition({
      partition: {
        table,
        schema: relation.schema,
        partition,
        oid: relation.oid,
        lowUs: relation.lowUs,
        highUs: relation.highUs,
        key: relation.key,
        tenantColumn: set.tenantColumn,
      },
      connect: archiverConnections(archiver),
      sink,
      format: definition.archive.format,
      ...tenantHashKey(terminal),
      ...(signal ? { signal } : {}),
      onProgress: ({ phase, rows, bytes }) => terminal.note(`  ${phase}: ${rows} rows, ${bytes} bytes`),
    })
  }
}
