import { Socket } from 'node:net'
import type { CutReport } from './cut.ts'
import { Flow, type FlowOwner } from './flow.ts'
import { FrameKind, isOpaque, type Kind } from './frame-reader.ts'
import type { Direction } from './message-names.ts'
import type { ProxyTally } from './proxy-counts.ts'
import type { Toxics } from './toxics.ts'

export interface ProxiedConnectionOptions {
  readonly id: number
  readonly client: Socket
  readonly target: { readonly host: string; readonly port: number }
  readonly toxics: Toxics
  readonly total: ProxyTally
  /** Called once, when both sockets are closed. */
  readonly onClosed: () => void
}

const READY_FOR_QUERY = 0x5a

// How long a cut waits for its receiver to take the bytes that are to arrive before the RST.
const FLUSH_TIMEOUT_MS = 1_000

/** A client's socket, the socket to the server that belongs to it, and the two flows between them. */
export class ProxiedConnection implements FlowOwner {
  readonly id: number
  readonly #options: ProxiedConnectionOptions
  readonly #client: Socket
  readonly #server = new Socket({ allowHalfOpen: true })
  readonly #flows: Readonly<Record<Direction, Flow>>
  #inSession = false
  #openSockets = 2
  #dialled = false

  constructor(options: ProxiedConnectionOptions) {
    const { id, client, toxics, total } = options
    this.id = id
    this.#options = options
    this.#client = client
    const shared = { owner: this, toxics, tally: total.open(id), total }
    this.#flows = {
      client: new Flow({ ...shared, direction: 'client', source: client, receiver: this.#server }),
      server: new Flow({ ...shared, direction: 'server', source: this.#server, receiver: client }),
    }
    this.#attach(client, this.#flows.client)
    this.#attach(this.#server, this.#flows.server)
    this.onHoleChange()
  }

  get inSession(): boolean {
    return this.#inSession
  }

  position(direction: Direction, type: string | undefined): number {
    return this.#flows[direction].position(type)
  }

  note(direction: Direction, kind: Kind, ends: boolean): void {
    if (this.#inSession) return
    const { client, server } = this.#flows
    if (isOpaque(kind)) {
      if (direction === 'client') server.reader.turnOpaque(kind)
      // A protocol without a start-up that we know: its turns count from the first byte.
      this.#inSession = direction === 'client' && kind === FrameKind.foreign
    } else if (!ends) return
    else if (kind === FrameKind.sslRequest || kind === FrameKind.gssencRequest) {
      server.reader.expectEncryptionAnswer()
    } else if (kind === FrameKind.encryptionAccepted) {
      client.reader.turnOpaque(FrameKind.encrypted)
      server.reader.turnOpaque(FrameKind.encrypted)
    } else if (kind === FrameKind.cancelRequest) this.#options.total.cancelRequests += 1
    else if (kind === READY_FOR_QUERY && direction === 'server') this.#inSession = true
  }

  sever(direction: Direction, how: CutReport['how'], done: () => void): void {
    const { client, server } = this.#flows
    if (how === 'reset') {
      afterFlush(direction === 'client' ? this.#server : this.#client, () => {
        // Settled first: a reset ends whatever cut is still under way.
        done()
        this.reset()
      })
      return
    }
    if (how === 'close') for (const socket of [this.#client, this.#server]) socket.end()
    else for (const flow of [client, server]) flow.outlet.holed = true
    done()
  }

  reset(): void {
    this.#flows.client.close()
    this.#flows.server.close()
    abort(this.#client)
    abort(this.#server)
  }

  /** Heals the black hole of a cut, if it had one. */
  heal(): void {
    for (const { outlet } of [this.#flows.client, this.#flows.server]) outlet.holed = false
    this.onHoleChange()
  }

  /** Catches up with what a black hole held back, where it is gone. */
  onHoleChange(): void {
    const { toxics } = this.#options
    const { client, server } = this.#flows
    if (client.outlet.endSwallowed && !toxics.swallows.client && !client.outlet.holed) this.reset()
    else if (server.outlet.endSwallowed && !toxics.swallows.server && !server.outlet.holed) this.reset()
    // A SYN does not get through a black hole: the server must not see the connection before it is gone.
    else if (!toxics.swallows.client && !client.outlet.lost) this.#dial()
  }

  #dial(): void {
    // Node opens a destroyed socket anew when asked to connect it.
    if (this.#dialled || this.#server.destroyed) return
    this.#dialled = true
    const { host, port } = this.#options.target
    this.#server.setNoDelay(true).connect({ host, port })
  }

  #attach(socket: Socket, flow: Flow): void {
    socket.on('data', (chunk) => flow.receive(chunk))
    socket.on('end', () => flow.finish())
    socket.on('error', () => flow.fail())
    socket.on('close', () => {
      this.#openSockets -= 1
      if (this.#openSockets > 0) return
      this.#flows.client.close()
      this.#flows.server.close()
      this.#options.onClosed()
    })
  }
}

/**
 * RST, where that can be: `resetAndDestroy` would wait for a connection that is under way, which may never come,
 * and while a FIN is under way it fails with EINVAL (libuv's `uv_tcp_close_reset`) and never closes the socket.
 */
function abort(socket: Socket): void {
  if (socket.destroyed) return
  const sendingFin = socket.writableEnded && !socket.writableFinished && socket.writableLength === 0
  if (socket.pending || sendingFin) socket.destroy()
  else socket.resetAndDestroy()
}

/** Calls `then` when the kernel has taken everything written so far, or after {@link FLUSH_TIMEOUT_MS}. */
function afterFlush(socket: Socket, then: () => void): void {
  if (!socket.writable || socket.writableLength === 0) {
    then()
    return
  }
  // Both may come, since a reset fails the write: the second one finds nothing left to do.
  const limit = setTimeout(then, FLUSH_TIMEOUT_MS)
  socket.write(Buffer.alloc(0), () => {
    clearTimeout(limit)
    then()
  })
}
