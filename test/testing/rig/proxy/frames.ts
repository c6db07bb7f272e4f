/** A typed message as it is on the wire. */
export function frame(type: string, body: Buffer | string = ''): Buffer {
  const payload = Buffer.from(body)
  const header = Buffer.alloc(5)
  header.write(type, 0, 'latin1')
  header.writeInt32BE(payload.length + 4, 1)
  return Buffer.concat([header, payload])
}

/** An untyped message of start-up: length, code, body. */
export function untyped(code: number, body: Buffer | string = ''): Buffer {
  const payload = Buffer.from(body)
  const header = Buffer.alloc(8)
  header.writeInt32BE(payload.length + 8, 0)
  header.writeInt32BE(code, 4)
  return Buffer.concat([header, payload])
}

export const STARTUP: Buffer = untyped(196_608, 'user\0app\0\0')
export const SSL_REQUEST: Buffer = untyped(80_877_103)
export const GSSENC_REQUEST: Buffer = untyped(80_877_104)
export const CANCEL_REQUEST: Buffer = untyped(80_877_102, Buffer.alloc(8, 7))
export const AUTHENTICATION_OK: Buffer = frame('R', Buffer.alloc(4))
export const READY: Buffer = frame('Z', 'I')

/** A simple query's message. */
export function query(text: string): Buffer {
  return frame('Q', `${text}\0`)
}

/** The chunks that cutting `bytes` at these places gives. */
export function chunksOf(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return places.slice(1).map((to, i) => bytes.subarray(places[i], to))
}
