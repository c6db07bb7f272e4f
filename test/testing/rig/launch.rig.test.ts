import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { launchOnFreePort, launchOnPort, type ServerRecipe } from '../../../src/testing/rig/launch.ts'
import { redisProgram } from '../../../src/testing/rig/provision/index.ts'
import { RunFolder } from '../../../src/testing/rig/run-folder.ts'
import { startRig } from '../../../src/testing/rig/start-rig.ts'

describe('the port of a server', () => {
  const intruders: Server[] = []
  afterEach(async () => {
    for (const intruder of intruders.splice(0)) intruder.close()
  })

  async function occupy(port: number): Promise<Server> {
    const intruder = createServer().listen(port, '127.0.0.1')
    await once(intruder, 'listening')
    intruders.push(intruder)
    return intruder
  }

  async function redisRecipe(beforeStart: (port: number) => Promise<unknown>): Promise<ServerRecipe> {
    const program = await redisProgram()
    return {
      name: 'redis',
      title: 'redis',
      stopSignal: 'SIGTERM',
      configure: async (port) => {
        await beforeStart(port)
        return { ...program, args: [...program.args, '--bind', '127.0.0.1', '--port', String(port)] }
      },
      isReady: async (_pid, log) => (await log.read()).includes('Ready to accept connections'),
    }
  }

  it('is another one when somebody was quicker to take the first', async () => {
    const folder = await RunFolder.open()
    const tried: number[] = []
    const recipe = await redisRecipe(async (port) => {
      if (tried.push(port) < 3) await occupy(port)
    })
    const { port } = await launchOnFreePort(recipe, folder, 10_000)
    expect(tried).toHaveLength(3)
    expect(port).toBe(tried[2])
    await folder.remove()
  })

  it('is waited for by a restart, and named with the log when it stays taken', async () => {
    const folder = await RunFolder.open()
    const recipe = await redisRecipe(() => Promise.resolve())
    const { port, child } = await launchOnFreePort(recipe, folder, 10_000)
    child.kill('SIGKILL')
    await once(child, 'exit')
    const intruder = await occupy(port)
    await expect(launchOnPort(recipe, folder, port, 200)).rejects.toThrow(
      /ended with exit code 1 before it was ready\. Its log ends:.*Address already in use.*End the server/s,
    )
    const relaunched = launchOnPort(recipe, folder, port, 10_000)
    await sleep(200)
    intruder.close()
    expect((await relaunched).port).toBe(port)
    await folder.remove()
  })

  it.each(['primary', 'pgbouncer'] as const)('is recognised as taken by the log of %s', async (kind) => {
    await using rig = await startRig({ standbys: 0, redis: false, startTimeoutMs: 400 })
    const node =
      kind === 'primary'
        ? rig.primary
        : await rig.startPgbouncer({ version: '1.18', users: [], startTimeoutMs: 400 })
    await node.kill()
    await occupy(node.port)
    await expect(node.restart()).rejects.toThrow('End the server that holds the port.')
  })
})
