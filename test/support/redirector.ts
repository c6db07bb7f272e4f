import { connect, createServer, type Server, type Socket } from 'node:net'

/** Where connections go on to. */
export interface Target {
  readonly host: string
  readonly port: number
}

/** A name of a server, as DNS or a load balancer gives it: what it leads to can change, and connections that are there stay. */
export class Redirector {
  readonly host = '127.0.0.1'
  target: Target
  /** What is sent to clients instead of the server's answers. */
  nonsense: Buffer | undefined
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #accepted = 0

  private constructor(target: Target) {
    this.target = target
    this.#server = createServer((client) => this.#accept(client))
  }

  static async open(target: Target): Promise<Redirector> {
    const redirector = new Redirector(target)
    const { promise, resolve } = Promise.withResolvers<void>()
    redirector.#server.listen(0, '127.0.0.1', resolve)
    await promise
    return redirector
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address ? address.port : 0
  }

  /** Connections that were made. */
  get accepted(): number {
    return this.#accepted
  }

  /** Resets all connections. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  close(): void {
    this.cut()
    this.#server.close()
  }

  #accept(client: Socket): void {
    this.#accepted += 1
    const server = connect(this.target.port, this.target.host)
    for (const socket of [client, server]) {
      socket.setNoDelay(true)
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#sockets.delete(socket)
        client.destroy()
        server.destroy()
      })
    }
    client.on('data', (data) => {
      if (this.nonsense) client.write(this.nonsense)
      else server.write(data)
    })
    server.on('data', (data) => {
      if (!this.nonsense) client.write(data)
    })
  }
}
