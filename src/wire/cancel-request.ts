import { createConnection } from 'node:net'

/** Whose statement is to be cancelled: what the start-up of its connection named. */
export interface CancelTarget {
  readonly host: string
  readonly port: number
  readonly processID: number
  readonly secretKey: number
}

/** The code that stands in a start-up packet in place of a protocol version. */
const CANCEL_REQUEST_CODE = 80_877_102
const PACKET_BYTES = 16

/**
 * Asks a server, or the pooler in front of it, to cancel what a connection runs. Settles once the other side has closed the
 * connection: PostgreSQL has signalled the backend by then, so that what is sent to it afterwards is not hit.
 *
 * Always in plain text: it is served before any authentication, and the key ends with its session.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
export function sendCancelRequest(target: CancelTarget, timeoutMs: number): Promise<void> {
  const packet = Buffer.alloc(PACKET_BYTES)
  packet.writeInt32BE(PACKET_BYTES, 0)
  packet.writeInt32BE(CANCEL_REQUEST_CODE, 4)
  packet.writeInt32BE(target.processID, 8)
  packet.writeInt32BE(target.secretKey, 12)
  const { host, port } = target
  const isFolder = host.startsWith('/')
  return new Promise((resolve, reject) => {
    const socket = createConnection(isFolder ? { path: `${host}/.s.PGSQL.${port}` } : { host, port })
    const timer = setTimeout(() => socket.destroy(new Error('A cancel request was not answered.')), timeoutMs)
    socket.on('error', reject)
    socket.on('close', () => {
      clearTimeout(timer)
      resolve()
    })
    // Not `end`: a pooler may take the half-closed socket for a client that went away, and drop the request.
    socket.write(packet)
    socket.resume()
  })
}
