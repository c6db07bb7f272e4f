import { launchOnFreePort, type ServerRecipe } from './launch.ts'
import { redisProgram } from './provision/index.ts'
import type { RunFolder } from './run-folder.ts'
import { ServerNode } from './server-node.ts'

/** A Redis server. It writes nothing to disk, so a restart empties it. */
export class RedisNode extends ServerNode {
  /** A connection string. */
  get url(): string {
    return `redis://${this.host}:${this.port}`
  }
}

/** How one server differs from the others of a rig. */
export interface RedisNodeOptions {
  /** Names its folder and its log; of letters and digits. @default 'redis' */
  readonly name?: string
  /** Further settings, as on the command line: `['--maxmemory', '10mb']`. They prevail over the rig's own. */
  readonly args?: readonly string[]
}

/** Starts Redis on a free port. */
export async function startRedis(
  folder: RunFolder,
  startTimeoutMs: number,
  options: RedisNodeOptions = {},
): Promise<RedisNode> {
  const { name = 'redis', args = [] } = options
  const program = await redisProgram()
  const directory = await folder.makeServerFolder(name)
  const recipe: ServerRecipe = {
    name,
    title: `${name} (${program.version})`,
    stopSignal: 'SIGTERM',
    configure: async (port) => ({
      ...program,
      args: [
        ...program.args,
        ...['--bind', '127.0.0.1', '--port', String(port), '--dir', directory],
        ...['--save', '', '--appendonly', 'no'],
        ...args,
      ],
    }),
    isReady: async (_pid, log) => (await log.read()).includes('Ready to accept connections'),
  }
  const launched = await launchOnFreePort(recipe, folder, startTimeoutMs)
  return new RedisNode({ recipe, folder, launched, startTimeoutMs })
}
