import type { Constant } from './expression.ts'
import { numberIn, type TreeNode, textIn } from './tree-node.ts'

/** OIDs of `pg_type.dat`, which are the same in every version. */
export const TYPE = {
  boolean: 16,
  name: 19,
  bigint: 20,
  smallint: 21,
  integer: 23,
  text: 25,
  oid: 26,
  character: 1042,
  varchar: 1043,
  numeric: 1700,
  uuid: 2950,
} as const

const decoder = new TextDecoder()

/** Reads a CONST node. Its datum is printed as it lies in memory. */
export function readConstant(node: TreeNode): Constant {
  const type = numberIn(node, 'consttype')
  if (textIn(node, 'constisnull') === 'true') return { kind: 'constant', type, value: null }
  const datum = node.fields.get('constvalue')
  return { kind: 'constant', type, value: datum instanceof Uint8Array ? decode(type, datum) : undefined }
}

function decode(type: number, datum: Uint8Array): string | undefined {
  switch (type) {
    case TYPE.boolean:
      return datum.some((byte) => byte !== 0) ? 't' : 'f'
    case TYPE.smallint:
    case TYPE.integer:
    case TYPE.bigint:
    case TYPE.oid:
      return decodeInteger(type, datum)
    case TYPE.text:
    case TYPE.varchar:
    case TYPE.character:
      return decodeText(datum)
    case TYPE.name:
      return decoder.decode(datum).replace(/\0.*$/s, '')
    case TYPE.uuid:
      return decodeUuid(datum)
    default:
      return undefined
  }
}

/** A Datum of 8 bytes, of which smaller types use the low ones. */
function decodeInteger(type: number, datum: Uint8Array): string | undefined {
  if (datum.length !== 8) return undefined
  const value = view(datum).getBigInt64(0, true)
  const bits = { [TYPE.smallint]: 16, [TYPE.bigint]: 64 }[type] ?? 32
  return String(type === TYPE.oid ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value))
}

/** varatt.h: a header of four bytes whose low two bits are 0, or of one byte whose lowest bit is 1. */
function decodeText(datum: Uint8Array): string | undefined {
  const [first = 0] = datum
  if ((first & 1) === 1) return decoder.decode(datum.subarray(1))
  const isPlain =
    datum.length >= 4 && (first & 3) === 0 && view(datum).getUint32(0, true) >> 2 === datum.length
  return isPlain ? decoder.decode(datum.subarray(4)) : undefined
}

function decodeUuid(datum: Uint8Array): string | undefined {
  if (datum.length !== 16) return undefined
  const hex = Buffer.from(datum).toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function view(datum: Uint8Array): DataView {
  return new DataView(datum.buffer, datum.byteOffset, datum.byteLength)
}
