import { hash } from 'node:crypto'

/**
 * First bytes of what is hashed, so that no leaf can pass for a node, and no node for a seal (RFC 9162, 2.1.1, gives 0 and 1).
 *
 * @see https://www.rfc-editor.org/rfc/rfc9162#section-2.1.1
 */
const LEAF = Buffer.from([0])
const NODE = Buffer.from([1])
const SEAL = Buffer.from([2])

/** The hash of a leaf. */
export function hashLeaf(bytes: Uint8Array): Buffer {
  return sha256(LEAF, bytes)
}

/** The hash of two nodes, the left one first. */
export function hashNode(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(NODE, left, right)
}

/** The hash of fields in their order, each with its length before it, so that none can take bytes of its neighbour. */
export function hashSeal(fields: readonly (string | Uint8Array)[]): Buffer {
  const parts: Uint8Array[] = [SEAL]
  for (const field of fields) {
    const bytes = Buffer.from(field)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    parts.push(length, bytes)
  }
  return sha256(...parts)
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  return hash('sha256', Buffer.concat(parts), 'buffer')
}
