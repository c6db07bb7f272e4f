import { Agent, type IncomingHttpHeaders, request } from 'node:http'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly ms: number
}

export interface Call {
  /** The name, without the port. */
  readonly host: string
  readonly path: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as it is, in place of `body`; its content type is among the headers. */
  readonly raw?: Buffer
}

/** Speaks to the edge under any host name: names that end with `.localhost` are known to browsers, and not to every resolver. */
export class EdgeClient implements Disposable {
  readonly #port: number
  readonly #agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })

  constructor(port: number) {
    this.#port = port
  }

  /** @throws when there is no answer at all, or none within the limit */
  call({ host, path, method = 'GET', headers = {}, body, raw }: Call, limitMs = 30_000): Promise<Answer> {
    const beganMs = performance.now()
    const payload = raw ?? (body === undefined ? undefined : Buffer.from(JSON.stringify(body)))
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          agent: this.#agent,
          host: '127.0.0.1',
          port: this.#port,
          path,
          method,
          signal: AbortSignal.timeout(limitMs),
          headers: {
            ...headers,
            host: `${host}:${this.#port}`,
            ...(payload !== undefined && {
              ...(raw === undefined && { 'content-type': 'application/json' }),
              'content-length': String(payload.length),
            }),
          },
        },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8')
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text,
              ms: performance.now() - beganMs,
            })
          })
        },
      )
      sent.on('error', reject)
      sent.end(payload)
    })
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }
}
