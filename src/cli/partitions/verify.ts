import { ConfigError } from '../../errors/config.ts'
import { readCatalog } from '../../partitioning/catalog/read-catalog.ts'
import { printable } from '../../rls/report/printable.ts'
import { type Command, defineCommand } from '../command.ts'
import { findArchiver, readServer } from '../connection/read-server.ts'
import { withConnection } from '../connection/with-connection.ts'
import { EXIT } from '../exit-code.ts'
import { ARCHIVER_OPTIONS } from '../options/common-options.ts'
import { archiverConnections, Sinks, tenantHashKey } from './archiving.ts'
import { PARTITION_OPTIONS, readPartitionSet } from './partition-set.ts'
import { chooseProofs, prove, type Verdict } from './verify-proofs.ts'

/** `leasehold partitions verify`: whether archives hold what their manifests say, and closed months what was sealed. */
export const partitionsVerify: Command = defineCommand({
  name: 'partitions verify',
  summary: 'Reads archives whole, and closed months, and compares each row with what was sealed.',
  operands: '[partition ...]',
  options: {
    ...PARTITION_OPTIONS,
    ...ARCHIVER_OPTIONS,
    json: { type: 'boolean', help: 'prints what was compared, and what differs, as JSON' },
  },
  run: async (values, operands, terminal) => {
    const server = readServer(values, terminal)
    const archiver = findArchiver(values, terminal)
    const set = await readPartitionSet(values, [], terminal)
    const key = tenantHashKey(terminal)
    await using sinks = new Sinks()
    const verdicts: Verdict[] = []
    await withConnection(server, { purpose: 'partitions verify' }, async (client) => {
      const proofs = chooseProofs(set, await readCatalog(client, set), operands)
      const unknown = operands.find((name) => !proofs.some(({ partition }) => partition.partition === name))
      if (unknown !== undefined) {
        throw new ConfigError(
          `${JSON.stringify(unknown)} is no partition. \`leasehold partitions explain\` lists them.`,
        )
      }
      const signal = terminal.interruption()
      for (const proof of proofs) {
        signal.throwIfAborted()
        const verdict = await prove(proof, {
          client,
          sinks,
          ...key,
          ...(archiver ? { connect: archiverConnections(archiver) } : {}),
          signal,
        })
        verdicts.push(verdict)
        terminal.note(printable(`${verdict.partition}, ${verdict.what}: ${verdict.outcome}`))
      }
    })
    const broken = verdicts.filter(({ breaks }) => breaks.length > 0)
    const compared = verdicts.filter(({ outcome }) => outcome === 'as sealed').length
    terminal.print(
      values.json
        ? JSON.stringify({ verdicts })
        : [
            ...broken.flatMap(({ partition, what, breaks }) =>
              [`${partition}, ${what}:`, ...breaks].map(printable),
            ),
            `Compared: ${compared + broken.length}. Broken: ${broken.length}.`,
          ].join('\n'),
    )
    return broken.length === 0 ? EXIT.done : EXIT.findings
  },
})
