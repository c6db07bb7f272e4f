import type { Response } from 'express'

type Method = 'write' | 'end' | 'flushHeaders' | 'writeHead'
type Call = readonly [method: Method, args: readonly unknown[]]

const METHODS: readonly Method[] = ['write', 'end', 'flushHeaders', 'writeHead']

/** A response of which nothing leaves until it is let go: what is called on it is kept, and done then, or never. */
export class HeldResponse {
  /** Settles when the handler has answered: with the first byte that it wants to send. */
  readonly answered: Promise<void>
  readonly #response: Response
  readonly #before: { readonly status: number; readonly headers: readonly (readonly [string, unknown])[] }
  /** What other middleware had put in place of the methods. */
  readonly #own: readonly (readonly [method: Method, own: PropertyDescriptor | undefined])[]
  readonly #calls: Call[] = []
  #status: number | undefined

  constructor(response: Response) {
    const answered = Promise.withResolvers<void>()
    this.answered = answered.promise
    this.#response = response
    this.#before = { status: response.statusCode, headers: Object.entries(response.getHeaders()) }
    this.#own = METHODS.map((method) => [method, Object.getOwnPropertyDescriptor(response, method)])
    for (const method of METHODS) {
      const keep = (...args: unknown[]) => {
        this.#calls.push([method, args])
        if (method === 'writeHead') this.#status ??= Number(args[0])
        else answered.resolve()
        // Of write(): the buffer is full, wait for `drain`. Of the others Node gives the response.
        return method === 'write' ? false : response
      }
      Object.defineProperty(response, method, { value: keep, configurable: true, writable: true })
    }
  }

  /** The status that it will have. */
  get status(): number {
    return this.#status ?? this.#response.statusCode
  }

  /** Sends what was kept, and from now on what is called. */
  letGo(): void {
    this.#release()
    for (const [method, args] of this.#calls) {
      Reflect.apply(this.#response[method] as (...args: unknown[]) => unknown, this.#response, args)
    }
    if (!this.#response.writableEnded) this.#response.emit('drain')
  }

  /** Forgets what was kept, so that another can answer. */
  takeBack(): void {
    this.#release()
    for (const name of this.#response.getHeaderNames()) this.#response.removeHeader(name)
    for (const [name, value] of this.#before.headers) this.#response.setHeader(name, value as string)
    this.#response.statusCode = this.#before.status
  }

  #release(): void {
    for (const [method, own] of this.#own) {
      if (own) Object.defineProperty(this.#response, method, own)
      else Reflect.deleteProperty(this.#response, method)
    }
  }
}
