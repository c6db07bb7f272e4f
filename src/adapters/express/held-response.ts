import type { ServerResponse } from 'node:http'

type Call = readonly [method: string, args: readonly unknown[]]

const SENDING = ['write', 'end', 'flushHeaders', 'writeHead']
const CHANGING = ['setHeader', 'setHeaders', 'appendHeader', 'removeHeader']

/** A response of which nothing leaves until it is let go: what is called on it is kept, and done then, or never. */
export class HeldResponse {
  /** Settles with the status, when the handler answers: with the first byte that it wants to send. */
  readonly answered: Promise<number>
  readonly #answer = Promise.withResolvers<number>()
  readonly #response: ServerResponse
  readonly #before: { readonly status: number; readonly headers: readonly (readonly [string, unknown])[] }
  /** What other middleware had put in place of what is held. */
  readonly #own = new Map<string, PropertyDescriptor | undefined>()
  readonly #calls: Call[] = []
  #head: { readonly code: number; readonly message: string } | undefined

  constructor(response: ServerResponse) {
    this.answered = this.#answer.promise
    this.#response = response
    this.#before = { status: response.statusCode, headers: Object.entries(response.getHeaders()) }
    for (const method of SENDING) {
      this.#replace(method, {
        value: (...args: unknown[]) => {
          this.#calls.push([method, args])
          const status = method === 'writeHead' ? Number(args[0]) : response.statusCode
          if (!this.#head) this.#freeze(status)
          // Of write(): the buffer is full, wait for `drain`. Of the others Node gives the response.
          return method === 'write' ? false : response
        },
      })
    }
  }

  /** Sends what was kept, and from now on what is called. */
  letGo(): void {
    const response = this.#response
    if (this.#head) {
      response.statusCode = this.#head.code
      response.statusMessage = this.#head.message
    }
    this.#release()
    for (const [method, args] of this.#calls) call(response, method, args)
    if (!response.writableEnded && !response.writableNeedDrain) response.emit('drain')
  }

  /** Forgets what was kept, so that another can answer. */
  takeBack(): void {
    const response = this.#response
    this.#release()
    if (response.headersSent) return
    for (const name of response.getHeaderNames()) response.removeHeader(name)
    for (const [name, value] of this.#before.headers) response.setHeader(name, value as string)
    response.statusCode = this.#before.status
  }

  /** From now on the head is as good as sent: who would still change it is told as Node does. */
  #freeze(status: number): void {
    this.#head = { code: status, message: this.#response.statusMessage }
    const refuse = () => {
      const message = 'Cannot set headers after they are sent to the client'
      throw Object.assign(new Error(message), { code: 'ERR_HTTP_HEADERS_SENT' })
    }
    for (const method of CHANGING) this.#replace(method, { value: refuse })
    this.#replace('headersSent', { get: () => true })
    this.#answer.resolve(status)
  }

  #replace(name: string, descriptor: PropertyDescriptor): void {
    this.#own.set(name, Object.getOwnPropertyDescriptor(this.#response, name))
    const isMethod = 'value' in descriptor
    Object.defineProperty(this.#response, name, {
      ...descriptor,
      configurable: true,
      ...(isMethod && { writable: true }),
    })
  }

  #release(): void {
    for (const [name, own] of this.#own) {
      if (own) Object.defineProperty(this.#response, name, own)
      else Reflect.deleteProperty(this.#response, name)
    }
    this.#own.clear()
  }
}

function call(response: ServerResponse, method: string, args: readonly unknown[]): void {
  Reflect.apply(Reflect.get(response, method) as (...args: unknown[]) => unknown, response, args)
}
