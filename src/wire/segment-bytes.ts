import { MessageBuffer, roomFor } from './message-buffer.ts'
import type { SegmentOrder, StatementOrder } from './prepared-statements.ts'

/** First bytes of the messages that leave here. Describe, Execute, Flush and Sync never vary, so they stand below. */
const PARSE = 0x50
const BIND = 0x42
const CLOSE = 0x43
const STATEMENT = 0x53

const DESCRIBE_PORTAL = Uint8Array.of(0x44, 0, 0, 0, 6, 0x50, 0)
const EXECUTE = Uint8Array.of(0x45, 0, 0, 0, 9, 0, 0, 0, 0, 0)
const FLUSH = Uint8Array.of(0x48, 0, 0, 0, 4)
const SYNC = Uint8Array.of(0x53, 0, 0, 0, 4)

/** What the messages of one statement need beside its name, text and values: lengths, counts and zero bytes. */
const STATEMENT_ROOM = 64
const VALUE_ROOM = 6
const CLOSE_ROOM = 7

const buffer = new MessageBuffer()

/**
 * All messages of a segment, in bytes that leave in one write. Always the extended protocol: the simple one would run several
 * statements out of one text.
 *
 * @param binary whether the columns of the caller's statements come in binary
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 */
export function segmentBytes(order: SegmentOrder, binary: boolean): Buffer {
  buffer.reserve(roomForSegment(order))
  for (const name of order.closeBefore) close(name)
  for (const ordered of order.statements) {
    if (ordered.parse !== undefined) parse(ordered.name, ordered.parse)
    bind(ordered, binary)
    if (ordered.statement.describe) buffer.raw(DESCRIBE_PORTAL)
    buffer.raw(EXECUTE)
    if (ordered.statement.flush) buffer.raw(FLUSH)
  }
  for (const name of order.closeAfter) close(name)
  buffer.raw(SYNC)
  return buffer.take()
}

function parse(name: string, text: string): void {
  const begun = buffer.begin(PARSE)
  buffer.cString(name)
  buffer.cString(text)
  // The server finds the types of the parameters by itself.
  buffer.int16(0)
  buffer.end(begun)
}

function bind({ name, statement }: StatementOrder, binary: boolean): void {
  const { values, describe } = statement
  const begun = buffer.begin(BIND)
  buffer.cString('')
  buffer.cString(name)
  buffer.int16(values.length)
  for (const value of values) buffer.int16(typeof value === 'object' && value ? 1 : 0)
  buffer.int16(values.length)
  for (const value of values) {
    if (value === null) buffer.int32(-1)
    else buffer.sized(value)
  }
  // Our own statements are read as text, whatever format the client asks for.
  buffer.int16(1)
  buffer.int16(binary && describe ? 1 : 0)
  buffer.end(begun)
}

function close(name: string): void {
  const begun = buffer.begin(CLOSE)
  buffer.byte(STATEMENT)
  buffer.cString(name)
  buffer.end(begun)
}

function roomForSegment(order: SegmentOrder): number {
  let bytes = SYNC.length
  for (const name of order.closeBefore) bytes += CLOSE_ROOM + roomFor(name)
  for (const name of order.closeAfter) bytes += CLOSE_ROOM + roomFor(name)
  for (const { statement, name, parse: text } of order.statements) {
    bytes += STATEMENT_ROOM + 2 * roomFor(name)
    if (text !== undefined) bytes += roomFor(text)
    for (const value of statement.values) bytes += VALUE_ROOM + (value === null ? 0 : roomFor(value))
  }
  return bytes
}
