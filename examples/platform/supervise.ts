import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readiness } from './readiness.ts'
import { waitUntil } from './wait-until.ts'

/** A service of the platform, as a task definition of ECS says it. */
export interface ServiceSpec {
  readonly name: string
  /** Arguments of Node. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly port: number
}

/** Services that run, each in a process of its own. */
export interface Supervisor {
  /** Starts one; resolves when its `/readyz` says so. */
  start(spec: ServiceSpec): Promise<void>
  /** Stops one and starts it again, with other variables of the environment where some are given. */
  restart(name: string, env?: Readonly<Record<string, string>>): Promise<void>
  /** How often a service ended that nobody had asked to. */
  readonly crashes: ReadonlyMap<string, number>
  /** The last lines that a service printed. */
  logTail(name: string, lines?: number): Promise<string>
  /** Asks all to stop, as ECS does, and waits. */
  stop(): Promise<void>
}

const READY_TIMEOUT_MS = 90_000
const STOP_GRACE_MS = 12_000
/** ECS takes longer. */
const RESTART_AFTER_MS = 1_000

interface Running {
  readonly spec: ServiceSpec
  child: ChildProcess
  isWanted: boolean
}

/**
 * @param directory in a rig's folder. The rig's watchdog ends every process that works in there when this process is gone, however it
 *   went: services live no longer than the platform even if it is killed.
 * @param onCrash is told when a service ended by itself, before it is started again
 */
export async function supervise(directory: string, onCrash: (words: string) => void): Promise<Supervisor> {
  await mkdir(directory, { recursive: true })
  const running = new Map<string, Running>()
  const crashes = new Map<string, number>()
  let isOver = false

  async function spawnService(spec: ServiceSpec): Promise<ChildProcess> {
    const log = await open(logOf(spec.name), 'a')
    try {
      const child = spawn(process.execPath, [...spec.args], {
        cwd: directory,
        // Not this process's environment: a service is told everything by its own.
        env: { PATH: process.env.PATH, HOME: directory, NODE_ENV: 'production', ...spec.env },
        stdio: ['ignore', log.fd, log.fd],
        // A group of its own: Ctrl-C at the terminal is for the platform, which stops its services in good order.
        detached: true,
      })
      child.on('error', (error) => onCrash(`${spec.name} could not be started: ${error.message}`))
      return child
    } finally {
      await log.close()
    }
  }

  async function launch(spec: ServiceSpec): Promise<Running> {
    const entry: Running = { spec, child: await spawnService(spec), isWanted: true }
    running.set(spec.name, entry)
    keepRunning(entry)
    return entry
  }

  function keepRunning(entry: Running): void {
    entry.child.once('exit', (code, signal) => {
      if (!entry.isWanted || isOver) return
      const { name } = entry.spec
      crashes.set(name, (crashes.get(name) ?? 0) + 1)
      void (async () => {
        onCrash(`${name} ended with ${signal ?? `exit code ${code}`}.\n${await logTail(name)}`)
        await sleep(RESTART_AFTER_MS)
        if (!entry.isWanted || isOver) return
        entry.child = await spawnService(entry.spec)
        keepRunning(entry)
      })()
    })
  }

  async function stopOne(entry: Running): Promise<void> {
    entry.isWanted = false
    const { child } = entry
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    const grace = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS)
    await exited
    clearTimeout(grace)
  }

  async function start(spec: ServiceSpec): Promise<void> {
    const entry = await launch(spec)
    await waitUntil(
      async () => {
        if ((crashes.get(spec.name) ?? 0) > 2) {
          entry.isWanted = false
          throw new Error(`${spec.name} does not start.\n${await logTail(spec.name)}`)
        }
        return (await readiness(spec.port)) === 200
      },
      {
        timeoutMs: READY_TIMEOUT_MS,
        onTimeout: async () =>
          new Error(
            `${spec.name} was not ready within ${READY_TIMEOUT_MS} ms: /readyz answers ${await readiness(spec.port)}.\n${await logTail(spec.name)}`,
          ),
      },
    )
  }

  function logOf(name: string): string {
    return join(directory, `${name}.log`)
  }

  async function logTail(name: string, lines = 15): Promise<string> {
    const text = await readFile(logOf(name), 'utf8').catch(() => '')
    return text.trimEnd().split('\n').slice(-lines).join('\n')
  }

  return {
    start,
    async restart(name, env = {}) {
      const entry = running.get(name)
      if (!entry)
        throw new Error(`There is no service ${name}. There are: ${[...running.keys()].join(', ')}.`)
      await stopOne(entry)
      await start({ ...entry.spec, env: { ...entry.spec.env, ...env } })
    },
    crashes,
    logTail,
    async stop() {
      isOver = true
      await Promise.all([...running.values()].map(stopOne))
    },
  }
}
