import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { StampedeMessage, StampedeOrder, StampedeReply, StampedeStart } from './messages.ts'

const LIMIT_MS = 20_000
const START_IN_MS = 50

type Order = Omit<StampedeOrder, 'atMs'>

/** Processes of one application. */
export class Fleet implements AsyncDisposable {
  readonly #processes: readonly ChildProcess[]

  private constructor(processes: readonly ChildProcess[]) {
    this.#processes = processes
  }

  static async start(count: number, start: StampedeStart): Promise<Fleet> {
    const file = fileURLToPath(new URL('process.ts', import.meta.url))
    const processes = Array.from({ length: count }, () => fork(file, [JSON.stringify(start)]))
    const fleet = new Fleet(processes)
    try {
      await Promise.all(processes.map(answer))
      return fleet
    } catch (error) {
      await fleet[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Has all processes ask at the same time. */
  all(order: Order): Promise<readonly StampedeReply[]> {
    const atMs = Date.now() + START_IN_MS
    return Promise.all(this.#processes.map((process) => ask(process, { ...order, atMs })))
  }

  /** Has one process ask. */
  async one(index: number, order: Order): Promise<StampedeReply> {
    const process = this.#processes[index]
    if (!process) throw new Error(`There is no process ${index}.`)
    return ask(process, { ...order, atMs: 0 })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const running = this.#processes.filter(
      ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
    )
    await Promise.all(
      running.map(async (process) => {
        const ended = once(process, 'exit')
        process.kill('SIGKILL')
        await ended
      }),
    )
  }
}

async function ask(process: ChildProcess, order: StampedeOrder): Promise<StampedeReply> {
  const reply = answer(process)
  process.send(order)
  const message = await reply
  if (message === 'ready') throw new Error('A process answered nothing.')
  return message
}

async function answer(process: ChildProcess): Promise<Exclude<StampedeMessage, { error: string }>> {
  const [message] = (await once(process, 'message', { signal: AbortSignal.timeout(LIMIT_MS) })) as [
    StampedeMessage,
  ]
  if (typeof message === 'object' && 'error' in message) throw new Error(message.error)
  return message
}
