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

/** Starts Redis on a free port. */
export async function startRedis(folder: RunFolder, startTimeoutMs: number): Promise<RedisNode> {
  const program = await redisProgram()
  const directory = await folder.makeServerFolder('redis')
  const recipe: ServerRecipe = {
    name: 'redis',
    title: `redis (${program.version})`,
    stopSignal: 'SIGTERM',
    configure: async (port) => ({
      ...program,
      args: [
        ...program.args,
        ...['--bind', '127.0.0.1', '--port', String(port), '--dir', directory],
        ...['--save', '', '--appendonly', 'no'],
      ],
    }),
    isReady: async (_pid, log) => (await log.read()).includes('Ready to accept connections'),
  }
  const launched = await launchOnFreePort(recipe, folder, startTimeoutMs)
  return new RedisNode({ recipe, folder, launched, startTimeoutMs })
}
