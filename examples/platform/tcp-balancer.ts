import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** Where connections go on to. */
export interface Target {
  readonly host: string
  readonly port: number
}

/** What stands for the Network Load Balancer in front of the pgbouncer tasks: one address, connections to each target in turn. */
export class TcpBalancer implements AsyncDisposable {
  readonly host = '127.0.0.1'
  readonly port: number
  readonly #server: Server
  readonly #sockets: ReadonlySet<Socket>

  private constructor(server: Server, port: number, sockets: ReadonlySet<Socket>) {
    this.#server = server
    this.port = port
    this.#sockets = sockets
  }

  /** A connection that one target refuses is made to the next, so that a task that is down costs nothing but its own connections. */
  static async start(port: number, targets: readonly Target[]): Promise<TcpBalancer> {
    const sockets = new Set<Socket>()
    let turn = 0
    const server = createServer({ noDelay: true, pauseOnConnect: true }, (client) => {
      track(sockets, client)
      const first = turn++
      const inTurn = targets
        .map((_, at) => targets[(first + at) % targets.length])
        .filter((target) => target !== undefined)
      void join(client, inTurn, sockets)
    })
    server.listen({ port, host: '127.0.0.1' })
    await once(server, 'listening')
    return new TcpBalancer(server, port, sockets)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }
}

async function join(client: Socket, targets: readonly Target[], sockets: Set<Socket>): Promise<void> {
  for (const target of targets) {
    const upstream = connect({ ...target, noDelay: true })
    track(sockets, upstream)
    try {
      await once(upstream, 'connect')
    } catch {
      continue
    }
    client.pipe(upstream).pipe(client)
    // Whatever ends one side ends the other: half a connection to a database is none.
    client.once('close', () => upstream.destroy())
    upstream.once('close', () => client.destroy())
    return
  }
  client.resetAndDestroy()
}

function track(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket)
  socket.on('error', () => {})
  socket.once('close', () => sockets.delete(socket))
}
