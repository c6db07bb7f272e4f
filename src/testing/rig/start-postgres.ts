import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { launchOnFreePort, type ServerRecipe } from './launch.ts'
import { PostgresNode } from './postgres-node.ts'
import { baseSettings, type PostgresSettings, postgresConf } from './postgres-settings.ts'
import type { PostgresPrograms } from './provision/index.ts'
import type { RunFolder } from './run-folder.ts'

/** What to start a PostgreSQL server from. */
export interface PostgresStart {
  readonly folder: RunFolder
  readonly programs: PostgresPrograms
  /** Names the node, its data directory, its log, and to its primary the standby. */
  readonly name: string
  readonly dataDirectory: string
  readonly settings: PostgresSettings
  readonly startTimeoutMs: number
}

/** Starts a server on a data directory of its own; a standby when that holds `standby.signal`. */
export async function startPostgres(start: PostgresStart): Promise<PostgresNode> {
  const { folder, startTimeoutMs, dataDirectory } = start
  const recipe = postgresRecipe(start)
  const launched = await launchOnFreePort(recipe, folder, startTimeoutMs)
  return new PostgresNode({ recipe, folder, launched, startTimeoutMs }, dataDirectory)
}

function postgresRecipe({ programs, name, dataDirectory, settings }: PostgresStart): ServerRecipe {
  return {
    name,
    title: `${name} (PostgreSQL ${programs.version})`,
    // server-shutdown: SIGINT is "fast": sessions are ended, and what is written is checkpointed.
    stopSignal: 'SIGINT',
    configure: async (port) => {
      // The walreceiver gives cluster_name as its application_name, which synchronous_standby_names goes by.
      const conf = postgresConf(baseSettings, { cluster_name: name }, settings, { port })
      await writeFile(join(dataDirectory, 'postgresql.conf'), conf)
      return { command: programs.postgres, args: ['-D', dataDirectory], env: {} }
    },
    isReady: async (pid) => {
      // The first line is the postmaster's process id, the eighth its state (miscadmin.h, LOCK_FILE_LINE_*).
      const lines = await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8').catch(() => '')
      const [owner = '', , , , , , , state = ''] = lines.split('\n')
      return Number(owner) === pid && state.trim() === 'ready'
    },
  }
}
