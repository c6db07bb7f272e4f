import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './free-port.ts'
import type { Program } from './provision/index.ts'
import { RigError } from './rig-error.ts'
import type { RunFolder } from './run-folder.ts'
import { ServerLog } from './server-log.ts'
import { waitUntil } from './wait-until.ts'

/** How a kind of server is started, on whatever port. */
export interface ServerRecipe {
  /** Names the server's log; of letters and digits. */
  readonly name: string
  /** For messages, such as `primary (PostgreSQL 18.4)`. */
  readonly title: string
  /** Asks it to end in good order. */
  readonly stopSignal: NodeJS.Signals
  /** Writes the configuration for a port and says what to run. */
  configure(port: number): Promise<Pick<Program, 'command' | 'args' | 'env'>>
  /** Whether the process that was started is ready to serve, by its own word and not another server's. */
  isReady(pid: number, log: ServerLog): Promise<boolean>
}

/** A server process that is ready to serve. */
export interface LaunchedServer {
  readonly port: number
  readonly pid: number
  readonly child: ChildProcess
  readonly log: ServerLog
}

/** Somebody else listens on the port that a server was given. */
class PortTakenError extends RigError {}

const attemptsOnFreePorts = 5

/** Starts a server on a free port; on another one when somebody was quicker to take it. */
export async function launchOnFreePort(
  recipe: ServerRecipe,
  folder: RunFolder,
  timeoutMs: number,
): Promise<LaunchedServer> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    try {
      return await launchOnce(recipe, folder, port, timeoutMs)
    } catch (error) {
      if (!(error instanceof PortTakenError) || attempt === attemptsOnFreePorts) throw error
    }
  }
}

/** Starts a server on the port that it had; waits for the port while somebody else listens there. */
export async function launchOnPort(
  recipe: ServerRecipe,
  folder: RunFolder,
  port: number,
  timeoutMs: number,
): Promise<LaunchedServer> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    try {
      return await launchOnce(recipe, folder, port, timeoutMs)
    } catch (error) {
      if (!(error instanceof PortTakenError) || performance.now() > deadline) throw error
    }
    await sleep(100)
  }
}

async function launchOnce(
  recipe: ServerRecipe,
  folder: RunFolder,
  port: number,
  timeoutMs: number,
): Promise<LaunchedServer> {
  const program = await recipe.configure(port)
  const log = new ServerLog(join(folder.path, `${recipe.name}.log`))
  await log.skipPresent()
  const { child, pid } = await folder.spawn(program, recipe.name)
  const where = `${recipe.title} at 127.0.0.1:${port}`
  await waitUntil(
    async () => {
      if (child.exitCode !== null || child.signalCode !== null) throw await endedError(where, child, log)
      return recipe.isReady(pid, log)
    },
    {
      timeoutMs,
      onTimeout: async () => {
        child.kill('SIGKILL')
        return new RigError(
          `${where} was not ready within ${timeoutMs} ms. ${await log.tail()}\n` +
            'Give it longer with startTimeoutMs, or the machine less to do.',
        )
      },
    },
  )
  return { port, pid, child, log }
}

async function endedError(where: string, child: ChildProcess, log: ServerLog): Promise<RigError> {
  const how = child.signalCode ?? `exit code ${child.exitCode}`
  const text = `${where} ended with ${how} before it was ready. ${await log.tail()}`
  if (/address already in use/i.test(await log.read())) {
    return new PortTakenError(`${text}\nEnd the server that holds the port.`)
  }
  return new RigError(`${text}\nCheck the settings that the rig was given.`)
}
