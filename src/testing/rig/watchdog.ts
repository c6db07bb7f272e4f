import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Socket } from 'node:net'
import {
  endTree,
  freezeTree,
  haveEnded,
  killTree,
  listProcesses,
  livingTree,
  reap,
  removeSharedMemory,
  signalProcess,
  thawTree,
  watch,
} from './reaper.ts'
import { RigError } from './rig-error.ts'

const startTimeoutMs = 20_000
const endTimeoutMs = 15_000

/**
 * A process that outlives this one, however this one ends, and then ends the servers and removes the files
 * of one session. It waits for the end of a pipe that only this process holds open.
 */
export class Watchdog {
  readonly #process: ChildProcess

  private constructor(child: ChildProcess) {
    this.#process = child
  }

  /**
   * @param runs The folder in which the runs' folders are.
   * @param session What the names of the watched folders begin with.
   */
  static async start(runs: string, session: string): Promise<Watchdog> {
    const child = spawn(process.execPath, ['--input-type=commonjs', '--eval', source(runs, session)], {
      cwd: '/',
      // A session of its own: Ctrl-C at the terminal is not for it.
      detached: true,
      // NODE_OPTIONS and the like are meant for this process.
      env: { PATH: process.env.PATH },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const complaints: string[] = []
    child.stderr.on('data', (chunk) => complaints.push(String(chunk)))
    const timeout = AbortSignal.timeout(startTimeoutMs)
    try {
      await Promise.race([
        once(child.stdout, 'data', { signal: timeout }),
        once(child, 'exit', { signal: timeout }).then(() => Promise.reject(new Error('It ended.'))),
      ])
    } catch (cause) {
      child.kill('SIGKILL')
      throw new RigError(
        `The watchdog that cleans up after the rig did not start. ${complaints.join('')}`.trim() +
          ' If the code was minified or instrumented, leave src/testing/rig/reaper.ts out of that.',
        { cause },
      )
    }
    // What this process still has to do keeps it running, and its watchdog does not.
    child.unref()
    for (const stream of child.stdio) if (stream instanceof Socket) stream.unref()
    return new Watchdog(child)
  }

  /** Lets it clean up what is left, and waits until it has ended. */
  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const exited = once(this.#process, 'exit', { signal: AbortSignal.timeout(endTimeoutMs) })
    // Nothing else may be left that keeps this process running.
    this.#process.ref()
    this.#process.stdin?.end()
    try {
      await exited
    } catch (cause) {
      this.#process.kill('SIGKILL')
      throw new RigError(
        `The rig's watchdog (process ${this.#process.pid}) was not done within ${endTimeoutMs} ms. ` +
          'Look for servers left running and for folders in runs/ of the rig directory.',
        { cause },
      )
    }
  }
}

function source(runs: string, session: string): string {
  const functions = [
    listProcesses,
    livingTree,
    signalProcess,
    freezeTree,
    thawTree,
    haveEnded,
    killTree,
    endTree,
    removeSharedMemory,
    reap,
    watch,
  ]
  return `${functions.join('\n')}\n${watch.name}(${JSON.stringify(runs)}, ${JSON.stringify(session)})`
}
