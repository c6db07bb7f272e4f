import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { launchOnFreePort, type ServerRecipe } from './launch.ts'
import { pgbouncerIni, pgbouncerUsers } from './pgbouncer-ini.ts'
import { PoolerNode } from './pooler-node.ts'
import { type PgbouncerVersion, type Program, pgbouncerProgram } from './provision/index.ts'
import { RunFolder } from './run-folder.ts'

/** How a pooler is set up. */
export interface PgbouncerOptions {
  readonly version: PgbouncerVersion
  /** Where it connects to: a PostgreSQL server, or whatever sits in front of one. */
  readonly target: { readonly host: string; readonly port: number }
  /** Server connections for each pair of user and database; pgbouncer's default is 20. */
  readonly poolSize?: number
  /** `transaction` by default. */
  readonly poolMode?: 'transaction' | 'session' | 'statement'
  /** Prepared statements kept for each client; only pgbouncer 1.21 and later have them. */
  readonly maxPreparedStatements?: number
  /**
   * Users who may log in without being looked up. Anybody else is looked up through the target by a
   * connection as `postgres`, which then stays open in that database.
   */
  readonly users?: readonly string[]
  /** Databases under names of their own, such as `{ small: 'dbname=clinic pool_size=1' }`. */
  readonly databases?: Readonly<Record<string, string>>
  /** Further settings of `pgbouncer.ini`; they prevail. */
  readonly settings?: Readonly<Record<string, string | number>>
  /** Limit for a start, in milliseconds; 20 s by default. */
  readonly startTimeoutMs?: number
}

/**
 * Starts a pgbouncer on a free port. It needs no rig in this process, and ends with this process if not before.
 *
 * @throws {RigError} when it does not start, with its log.
 * @throws {RigProvisionError} when the program cannot be had.
 */
export async function startPgbouncer(options: PgbouncerOptions): Promise<PoolerNode> {
  const { version, startTimeoutMs = 20_000 } = options
  const program = await pgbouncerProgram(version)
  const folder = await RunFolder.open()
  try {
    const recipe = pgbouncerRecipe(options, program, folder)
    const [launched] = await Promise.all([launchOnFreePort(recipe, folder, startTimeoutMs), folder.watched()])
    return new PoolerNode({ recipe, folder, launched, startTimeoutMs }, program.version)
  } catch (error) {
    await folder.remove()
    throw error
  }
}

function pgbouncerRecipe(options: PgbouncerOptions, program: Program, folder: RunFolder): ServerRecipe {
  const { target, poolSize, poolMode = 'transaction', maxPreparedStatements, users = [] } = options
  const { databases = {}, settings = {} } = options
  const authFile = join(folder.path, 'users.txt')
  const configFile = join(folder.path, 'pgbouncer.ini')
  return {
    name: 'pgbouncer',
    title: `pgbouncer (${program.version})`,
    // SIGTERM waits for all clients to go since 1.23; SIGQUIT never did.
    stopSignal: 'SIGQUIT',
    configure: async (port) => {
      const own = {
        pool_mode: poolMode,
        ...(poolSize === undefined ? {} : { default_pool_size: poolSize }),
        ...(maxPreparedStatements === undefined ? {} : { max_prepared_statements: maxPreparedStatements }),
        ...settings,
      }
      const ini = pgbouncerIni({ host: '127.0.0.1', port, target, authFile, databases, settings: own })
      await writeFile(authFile, pgbouncerUsers([...new Set(['postgres', ...users])]), { mode: 0o644 })
      await writeFile(configFile, ini, { mode: 0o644 })
      return { ...program, args: [...program.args, configFile] }
    },
    isReady: async (_pid, log) => (await log.read()).includes('process up'),
  }
}
