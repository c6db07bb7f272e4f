import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Type bytes of the messages that the tests look at. */
export const MESSAGE = {
  parseComplete: 0x31,
  dataRow: 0x44,
  error: 0x45,
  notice: 0x4e,
  ready: 0x5a,
}

/** Sees every message of the server in order; `from` and `to` bound the body inside `bytes`. */
export type MessageHandler = (type: number, bytes: Buffer, from: number, to: number) => void

const WINDOW = 1024
const CHUNK = 256
const SILENCE_LIMIT_MS = 20_000

/**
 * A bare protocol connection that keeps many units in flight, a unit being whatever ends in one Sync. node-postgres is no
 * choice here: it would take the larger half of the time.
 */
export class PipelinedSession {
  readonly #socket: Socket
  #handle: MessageHandler = () => undefined
  #fail: (error: Error) => void = () => undefined
  #refill: () => void = () => undefined
  #rest: Buffer = Buffer.alloc(0)

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('timeout', () => socket.destroy(new Error(`the server was silent for ${SILENCE_LIMIT_MS} ms`)))
    socket.on('data', (bytes) => this.#receive(bytes))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('the server closed the connection')))
  }

  /** Logs in as superuser `postgres` without a password. */
  static async open(port: number, parameters: Readonly<Record<string, string>>): Promise<PipelinedSession> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    const session = new PipelinedSession(socket)
    await session.run(
      single(startup({ user: 'postgres', database: 'postgres', client_encoding: 'UTF8', ...parameters })),
      (type, bytes, from, to) => {
        if (type === MESSAGE.error) throw new Error(`login refused: ${bytes.toString('utf8', from, to)}`)
      },
    )
    return session
  }

  /** Sends the units that `next` gives until it gives none; resolves once each is answered by its ReadyForQuery. */
  run(next: () => Buffer | undefined, handle: MessageHandler): Promise<void> {
    return new Promise((resolve, reject) => {
      let inFlight = 0
      let drained = false
      const refill = (): void => {
        while (!drained && inFlight <= WINDOW - CHUNK) {
          const units: Buffer[] = []
          while (units.length < CHUNK) {
            const unit = next()
            if (unit === undefined) {
              drained = true
              break
            }
            units.push(unit)
          }
          inFlight += units.length
          if (units.length > 0) this.#socket.write(Buffer.concat(units))
        }
        if (!drained || inFlight > 0) return
        this.#socket.setTimeout(0)
        resolve()
      }
      this.#socket.setTimeout(SILENCE_LIMIT_MS)
      this.#fail = reject
      this.#handle = (type, bytes, from, to) => {
        handle(type, bytes, from, to)
        if (type === MESSAGE.ready) inFlight--
      }
      this.#refill = refill
      refill()
    })
  }

  close(): void {
    this.#fail = () => undefined
    this.#socket.destroy()
  }

  #receive(received: Buffer): void {
    const bytes = this.#rest.length === 0 ? received : Buffer.concat([this.#rest, received])
    let at = 0
    try {
      while (at + 5 <= bytes.length) {
        const end = at + 1 + bytes.readInt32BE(at + 1)
        if (end > bytes.length) break
        this.#handle(bytes.readUInt8(at), bytes, at + 5, end)
        at = end
      }
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)))
      this.#socket.destroy()
      return
    }
    this.#rest = bytes.subarray(at)
    this.#refill()
  }
}

/** A source of one unit. */
function single(unit: Buffer): () => Buffer | undefined {
  let pending: Buffer | undefined = unit
  return () => {
    const given = pending
    pending = undefined
    return given
  }
}

function startup(parameters: Readonly<Record<string, string>>): Buffer {
  const body = Buffer.from(`${Object.entries(parameters).flat().join('\0')}\0\0`)
  const head = Buffer.alloc(8)
  head.writeInt32BE(body.length + 8, 0)
  head.writeInt32BE(0x0003_0000, 4) // protocol 3.0
  return Buffer.concat([head, body])
}

const SYNC = Buffer.from('S\0\0\0\x04', 'latin1')
/** Bind of the unnamed statement to the unnamed portal, and Execute of it without a row limit. */
const BIND_EXECUTE = Buffer.from('B\0\0\0\x0c\0\0\0\0\0\0\0\0E\0\0\0\x09\0\0\0\0\0', 'latin1')

/** Parse, Sync: the text is read and analysed, not executed. */
export function parseUnit(text: string): Buffer {
  return Buffer.concat([parse(text), SYNC])
}

/** Each text parsed, bound and executed, in one implicit transaction that ends at one Sync. */
export function executeUnit(texts: readonly string[]): Buffer {
  return Buffer.concat([...texts.flatMap((text) => [parse(text), BIND_EXECUTE]), SYNC])
}

function parse(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const message = Buffer.alloc(length + 9) // type, length, empty name, text, its NUL, no parameter types
  message[0] = 0x50
  message.writeInt32BE(length + 8, 1)
  message.write(text, 6)
  return message
}
