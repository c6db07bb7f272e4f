import { createServer, type Server, type Socket } from 'node:net'
import { ArmedCut, type Cut, type CutReport } from './cut.ts'
import { MAX_DELAY_MS } from './delay-line.ts'
import type { Direction } from './message-names.ts'
import { ProxiedConnection } from './proxied-connection.ts'
import { type ProxyCounts, ProxyTally } from './proxy-counts.ts'
import type { MessageObserver } from './seen-message.ts'
import type { TamperHook, TamperOptions } from './tamper.ts'
import type { ToxicProxy, ToxicProxyOptions } from './toxic-proxy.ts'
import { Toxics } from './toxics.ts'

const HOST = '127.0.0.1'

/**
 * Starts a {@link ToxicProxy} on 127.0.0.1. The target need not be up: a connection to a target that refuses it is
 * reset. Rejects when the port cannot be listened on.
 */
export async function startToxicProxy(options: ToxicProxyOptions): Promise<ToxicProxy> {
  const proxy = new RunningProxy(options.target)
  await proxy.listen(options.port ?? 0)
  return proxy
}

class RunningProxy implements ToxicProxy {
  readonly host = HOST
  readonly #target: ToxicProxyOptions['target']
  readonly #toxics = new Toxics()
  readonly #tally = new ProxyTally()
  readonly #live = new Map<number, ProxiedConnection>()
  readonly #listener: Server
  #port = 0
  #nextId = 0
  #closing: Promise<void> | undefined

  constructor(target: ToxicProxyOptions['target']) {
    this.#target = target
    this.#listener = createServer({ noDelay: true, allowHalfOpen: true }, (client) => this.#accept(client))
  }

  get port(): number {
    return this.#port
  }

  get counts(): ProxyCounts {
    return this.#tally.snapshot()
  }

  get connections(): number {
    return this.#live.size
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#listener.once('error', (cause) => {
        reject(
          new Error(`toxic proxy: cannot listen on ${HOST}:${port}; choose a free port or none`, { cause }),
        )
      })
      this.#listener.listen(port, HOST, resolve)
    })
    this.#listener.removeAllListeners('error')
    this.#listener.on('error', (error) => this.#toxics.faults.push(error))
    const address = this.#listener.address()
    if (address !== null && typeof address === 'object') this.#port = address.port
  }

  resetCounts(): void {
    this.#tally.reset()
  }

  latency(ms: number | { readonly upMs?: number; readonly downMs?: number }): void {
    const { upMs = 0, downMs = 0 } = typeof ms === 'number' ? { upMs: ms, downMs: ms } : ms
    for (const value of [upMs, downMs]) {
      if (value >= 0 && value <= MAX_DELAY_MS) continue
      throw new RangeError(`toxic proxy: a latency is 0 to ${MAX_DELAY_MS} ms, not ${value}`)
    }
    this.#toxics.delayMs.client = upMs
    this.#toxics.delayMs.server = downMs
  }

  blackHole(on: boolean | 'up' | 'down'): void {
    this.#toxics.swallows.client = on === true || on === 'up'
    this.#toxics.swallows.server = on === true || on === 'down'
    for (const connection of [...this.#live.values()]) {
      if (on === false) connection.heal()
      else connection.onHoleChange()
    }
  }

  resetAll(): number {
    const live = [...this.#live.values()]
    for (const connection of live) connection.reset()
    return live.length
  }

  refuse(on: boolean): void {
    this.#toxics.refusing = on
  }

  cutAt(cut: Cut): Promise<CutReport> {
    const from = new Map<number, number>()
    if (cut.since === 'armed') {
      for (const [id, connection] of this.#live) from.set(id, connection.position(cut.direction, cut.type))
    }
    const armed = new ArmedCut(cut, from)
    if (this.#closing === undefined) this.#toxics.cuts.add(armed)
    else armed.disarm('the proxy is closed')
    return armed.report
  }

  disarmCuts(): number {
    return this.#toxics.disarmCuts('it was disarmed')
  }

  onMessage(observer: MessageObserver): () => void {
    // Wrapped, so that one function may observe twice and each removal takes back its own.
    const own: MessageObserver = (message) => observer(message)
    this.#toxics.observers.add(own)
    return () => {
      this.#toxics.observers.delete(own)
    }
  }

  tamper(direction: Direction, hook: TamperHook, options: TamperOptions = {}): () => void {
    const unit = options.unit ?? 'message'
    const { tampers } = this.#toxics
    if (tampers.has(direction)) {
      throw new Error(
        `toxic proxy: the ${direction}'s messages have a hook; call what tamper() returned first`,
      )
    }
    if (unit === 'reply' && direction === 'client') {
      throw new Error(`toxic proxy: only the server sends replies; use unit 'message' for the client`)
    }
    const own = { hook, unit }
    tampers.set(direction, own)
    return () => {
      if (tampers.get(direction) === own) tampers.delete(direction)
    }
  }

  clearToxics(): void {
    this.latency(0)
    this.blackHole(false)
    this.refuse(false)
    this.disarmCuts()
    this.#toxics.observers.clear()
    this.#toxics.tampers.clear()
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    this.#toxics.disarmCuts('the proxy was closed')
    const closed = new Promise<void>((resolve) => {
      this.#listener.close(() => resolve())
    })
    this.resetAll()
    await closed
    const { faults } = this.#toxics
    if (faults.length > 0) {
      throw new AggregateError(faults, `toxic proxy: ${faults.length} of a test's observers or hooks threw`)
    }
  }

  #accept(client: Socket): void {
    if (this.#toxics.refusing || this.#closing !== undefined) {
      this.#tally.refused += 1
      // An RST that the system refuses to send comes back as an 'error' event.
      client.on('error', () => {})
      client.resetAndDestroy()
      return
    }
    const id = this.#nextId
    this.#nextId += 1
    const connection = new ProxiedConnection({
      id,
      client,
      target: this.#target,
      toxics: this.#toxics,
      total: this.#tally,
      onClosed: () => {
        this.#live.delete(id)
        this.#tally.close(id)
      },
    })
    this.#live.set(id, connection)
  }
}
