import { hash } from 'node:crypto'
import { hashLeaf, hashNode } from './merkle-hash.ts'

/** Leaves under one chunk: a power of two, so that chunks are nodes of the tree. */
export const CHUNK_LEAVES = 256

/** A tree that was grown to its end. */
export interface GrownTree {
  readonly leaves: bigint
  readonly root: Buffer
  /** The nodes over each {@link CHUNK_LEAVES} leaves, one after the other; the last may have fewer leaves below. */
  readonly chunks: Buffer
}

/**
 * The Merkle tree of RFC 9162, 2.1, leaf by leaf: it keeps as many nodes as the tree is high, and the chunks, by which a change can
 * be found again without the leaves.
 */
export class MerkleTree {
  /** Roots of whole subtrees, the largest first, with the binary logarithm of their leaves. */
  readonly #peaks: { height: number; node: Buffer }[] = []
  readonly #chunks: Buffer[] = []
  #leaves = 0n

  add(leaf: Uint8Array): void {
    this.addHash(hashLeaf(leaf))
  }

  /** Adds a leaf of which only the hash is known. */
  addHash(leafHash: Buffer): void {
    let node = leafHash
    let height = 0
    for (let last = this.#peaks.at(-1); last?.height === height; last = this.#peaks.at(-1)) {
      this.#peaks.pop()
      node = hashNode(last.node, node)
      height += 1
      if (2 ** height === CHUNK_LEAVES) this.#chunks.push(node)
    }
    this.#peaks.push({ height, node })
    this.#leaves += 1n
  }

  /** What has grown so far. */
  grown(): GrownTree {
    const open = this.#peaks.filter(({ height }) => 2 ** height < CHUNK_LEAVES)
    const chunks = open.length > 0 ? [...this.#chunks, fold(open.map(({ node }) => node))] : this.#chunks
    return {
      leaves: this.#leaves,
      root: fold(this.#peaks.map(({ node }) => node)),
      chunks: Buffer.concat(chunks),
    }
  }
}

/** The root that chunks stand for; it is the tree's own, as chunks are its nodes. */
export function rootOfChunks(chunks: Uint8Array): Buffer {
  const peaks: { size: number; node: Buffer }[] = []
  for (let at = 0; at < chunks.length; at += 32) {
    let node: Buffer = Buffer.from(chunks.subarray(at, at + 32))
    let size = 1
    for (let last = peaks.at(-1); last?.size === size; last = peaks.at(-1)) {
      peaks.pop()
      node = hashNode(last.node, node)
      size *= 2
    }
    peaks.push({ size, node })
  }
  return fold(peaks.map((peak) => peak.node))
}

/** Joins whole subtrees from the right; of none, it is the hash of nothing (RFC 9162, 2.1.1). */
function fold(nodes: readonly Buffer[]): Buffer {
  const last = nodes.at(-1)
  if (!last) return hash('sha256', '', 'buffer')
  return nodes.slice(0, -1).reduceRight((right, left) => hashNode(left, right), last)
}
