import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Program } from './provision/index.ts'
import { reap } from './reaper.ts'
import { RigError } from './rig-error.ts'
import { giveToServer, serverAccount } from './server-account.ts'
import { joinSession, leaveSession, type Session } from './session.ts'

/**
 * Writes down the shell's own process id, then becomes the program: there is no moment in which a server
 * runs that the folder does not know of. Fails when the folder has been taken away.
 */
const recordThenRun =
  '{ read -r stat <"/proc/$$/stat" && echo "$stat"; :; } >"$0/$$" 2>/dev/null && exec "$@"'

/** A process that was started in a {@link RunFolder}. */
export interface StartedProcess {
  readonly child: ChildProcess
  readonly pid: number
}

/** A folder that knows the processes that were started in it. When it goes, they end. */
export class RunFolder {
  readonly path: string
  readonly #session: Session
  #removal: Promise<void> | undefined

  private constructor(session: Session) {
    this.path = join(session.runs, `${session.prefix}.${randomUUID().slice(0, 8)}`)
    this.#session = session
  }

  static async open(): Promise<RunFolder> {
    const session = await joinSession()
    try {
      const folder = new RunFolder(session)
      await mkdir(folder.path)
      // The umask may have closed it to the servers' user.
      await chmod(folder.path, 0o755)
      await folder.makeServerFolder('processes')
      return folder
    } catch (error) {
      await leaveSession()
      throw error
    }
  }

  /**
   * Resolves when the watchdog is on guard. Servers may be started before.
   *
   * @throws {RigError} when it could not be started.
   */
  async watched(): Promise<void> {
    await this.#session.watchdog
  }

  /** Makes a folder in this one that belongs to the servers' user and that only it can enter. */
  async makeServerFolder(name: string): Promise<string> {
    const path = join(this.path, name)
    await mkdir(path, { mode: 0o700 })
    await giveToServer(path)
    return path
  }

  /** Starts a program as the servers' user. What it prints is appended to the log `<name>.log`. */
  async spawn(program: Pick<Program, 'command' | 'args' | 'env'>, name: string): Promise<StartedProcess> {
    if (this.#removal !== undefined) throw new RigError(`${name} was not started: its rig was stopped.`)
    const log = await open(join(this.path, `${name}.log`), 'a')
    try {
      const child = spawn(
        '/bin/sh',
        ['-c', recordThenRun, join(this.path, 'processes'), program.command, ...program.args],
        {
          ...serverAccount(),
          cwd: this.path,
          // A session of its own: Ctrl-C at the terminal is not for it.
          detached: true,
          // Not this process's environment: PG* variables would change what the servers do.
          env: { PATH: process.env.PATH, HOME: this.path, LC_ALL: 'C', TZ: 'UTC', ...program.env },
          stdio: ['ignore', log.fd, log.fd],
        },
      )
      child.unref()
      if (child.pid === undefined) {
        const [cause] = await once(child, 'error')
        throw new RigError(`${name} could not be started: ${program.command} or the user to run it as.`, {
          cause,
        })
      }
      return { child, pid: child.pid }
    } finally {
      await log.close()
    }
  }

  /** Ends all that runs in it and removes it; the same again is the same removal. */
  remove(): Promise<void> {
    this.#removal ??= this.#remove()
    return this.#removal
  }

  async #remove(): Promise<void> {
    try {
      await reap(this.path, `${this.path}~`)
    } finally {
      await leaveSession()
    }
  }
}
