import { type LaunchedServer, launchOnPort, type ServerRecipe } from './launch.ts'
import { endTree, freezeTree, killTree, thawTree } from './reaper.ts'
import { RigError } from './rig-error.ts'
import type { RunFolder } from './run-folder.ts'
import { waitUntil } from './wait-until.ts'

/** What a node is made of. */
export interface NodeParts {
  readonly recipe: ServerRecipe
  readonly folder: RunFolder
  readonly launched: LaunchedServer
  /** Limit for each later start, in milliseconds. */
  readonly startTimeoutMs: number
}

const stopGraceMs = 5_000

/** One server of a rig. It keeps its port and its data for as long as the rig lives. */
export class ServerNode {
  readonly host = '127.0.0.1'
  readonly port: number
  readonly name: string
  readonly #parts: NodeParts
  #launched: LaunchedServer
  #frozen = false

  /** @internal */
  constructor(parts: NodeParts) {
    this.#parts = parts
    this.#launched = parts.launched
    this.name = parts.recipe.name
    this.port = parts.launched.port
  }

  /**
   * The server's process; of PostgreSQL the postmaster.
   *
   * @throws {RigError} when it is not running.
   */
  get pid(): number {
    if (this.isRunning) return this.#launched.pid
    throw new RigError(`${this.#parts.recipe.title} is not running. Start it with restart().`)
  }

  /** Whether its process lives; a frozen one does. */
  get isRunning(): boolean {
    const { exitCode, signalCode } = this.#launched.child
    return exitCode === null && signalCode === null
  }

  /** Whether {@link freeze} was called last, and not {@link thaw} or {@link restart}. */
  get isFrozen(): boolean {
    return this.isRunning && this.#frozen
  }

  /** Stops all its processes where they are (SIGSTOP): connections stay open, and nothing answers. */
  freeze(): void {
    freezeTree([this.pid])
    this.#frozen = true
  }

  /** Lets it go on after {@link freeze}. */
  thaw(): void {
    thawTree([this.pid])
    this.#frozen = false
  }

  /** Ends all its processes at once (SIGKILL), as a crash would, and waits until they are gone. */
  async kill(): Promise<void> {
    if (this.isRunning) await killTree([this.#launched.pid])
    await this.#noticeEnd()
  }

  /** Ends it in good order, frozen or not; by SIGKILL if that takes over 5 s. Does nothing when it is down. */
  async stop(): Promise<void> {
    if (this.isRunning) await endTree([this.#launched.pid], this.#parts.recipe.stopSignal, stopGraceMs)
    await this.#noticeEnd()
  }

  /** Stops it if it runs, and starts it on the same port with the same data; resolves when it is ready. */
  async restart(): Promise<void> {
    await this.stop()
    const { recipe, folder, startTimeoutMs } = this.#parts
    this.#launched = await launchOnPort(recipe, folder, this.port, startTimeoutMs)
  }

  /** The last lines of its log. */
  logTail(): Promise<string> {
    return this.#launched.log.tail()
  }

  /** The process table is ahead of what Node has heard about its child. */
  async #noticeEnd(): Promise<void> {
    this.#frozen = false
    const { child } = this.#launched
    await waitUntil(() => !this.isRunning, {
      timeoutMs: 5_000,
      onTimeout: () => new RigError(`Process ${child.pid} of ${this.#parts.recipe.title} has not ended.`),
    })
  }
}
