import { platform } from 'node:os'
import { copyCluster, freshCluster, keptCluster } from './cluster.ts'
import type { PostgresNode } from './postgres-node.ts'
import type { PostgresSettings } from './postgres-settings.ts'
import { type PostgresMajor, postgresPrograms } from './provision/index.ts'
import { startRedis } from './redis-node.ts'
import { Rig } from './rig.ts'
import { RigError } from './rig-error.ts'
import { RunFolder } from './run-folder.ts'
import { followPrimary } from './standby.ts'
import { startPostgres } from './start-postgres.ts'

/** What to start. */
export interface RigOptions {
  /** How many streaming standbys; 2 by default. */
  readonly standbys?: number
  /** PostgreSQL's major version; by default that of the installed npm package. */
  readonly major?: PostgresMajor
  /** Whether to start Redis; true by default. */
  readonly redis?: boolean
  /** Settings for `postgresql.conf` of every node; they prevail over the rig's own. */
  readonly settings?: PostgresSettings
  /**
   * Gives this rig a system identifier of its own, at the price of running initdb. Otherwise it shares
   * one with all rigs of this user and version.
   */
  readonly ownSystemIdentifier?: boolean
  /** Limit for the start of each server, in milliseconds; 20 s by default. */
  readonly startTimeoutMs?: number
}

/**
 * Starts a PostgreSQL primary with streaming standbys, and Redis, on free ports of 127.0.0.1.
 *
 * @throws {RigError} when a server does not start, with its log.
 * @throws {RigProvisionError} when a program cannot be had.
 */
export async function startRig(options: RigOptions = {}): Promise<Rig> {
  if (platform() === 'win32') {
    throw new RigError('The rig stops processes by signals, which Windows lacks. Use WSL.')
  }
  const folder = await RunFolder.open()
  try {
    const [postgres, redis] = await Promise.all([
      startTopology(options, folder),
      options.redis === false ? undefined : startRedis(folder, options.startTimeoutMs ?? 20_000),
    ])
    const rig = new Rig({ folder, redis, ...postgres })
    await Promise.all([rig.awaitStreaming(options.startTimeoutMs), folder.watched()])
    return rig
  } catch (error) {
    await folder.remove()
    throw error
  }
}

async function startTopology(
  options: RigOptions,
  folder: RunFolder,
): Promise<{ primary: PostgresNode; standbys: PostgresNode[] }> {
  const { standbys = 2, major, settings = {}, startTimeoutMs = 20_000 } = options
  const programs = await postgresPrograms(major === undefined ? {} : { major })
  const cluster = await (options.ownSystemIdentifier ? freshCluster : keptCluster)(programs, folder)
  const start = (name: string, dataDirectory: string) =>
    startPostgres({ folder, programs, name, dataDirectory, settings, startTimeoutMs })
  const names = Array.from({ length: standbys }, (_, index) => `standby${index + 1}`)
  const [primary, directories] = await Promise.all([
    copyCluster(cluster, folder, 'primary').then((directory) => start('primary', directory)),
    Promise.all(names.map((name) => copyCluster(cluster, folder, name))),
  ])
  const started = directories.map(async (directory, index) => {
    await followPrimary(directory, primary)
    return start(names[index] ?? '', directory)
  })
  return { primary, standbys: await Promise.all(started) }
}
