import { hashLeaf, hashNode } from './merkle-hash.ts'
import { MerkleTree } from './merkle-tree.ts'

/**
 * Shows that a row is one of a tenant's rows of a sealed month. All hashes in it are of rows of that tenant: it says nothing of others.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3
 */
export interface InclusionProof {
  /** Which leaf it is, from 0. */
  readonly index: number
  /** Leaves of the tree. */
  readonly leaves: number
  /** Neighbours on the way to the root, the nearest first. */
  readonly path: readonly Buffer[]
}

/** @throws {RangeError} when there is no such leaf */
export function proveInclusion(leafHashes: readonly Buffer[], index: number): InclusionProof {
  if (!Number.isInteger(index) || index < 0 || index >= leafHashes.length) {
    throw new RangeError(`There is no leaf ${index} in a tree of ${leafHashes.length} leaves.`)
  }
  return { index, leaves: leafHashes.length, path: pathTo(leafHashes, index) }
}

/** Whether the bytes are the leaf that the proof is of, under that root. */
export function provesInclusion(proof: InclusionProof, leaf: Uint8Array, root: Uint8Array): boolean {
  if (proof.index < 0 || proof.index >= proof.leaves) return false
  let node = hashLeaf(leaf)
  let index = proof.index
  let last = proof.leaves - 1
  for (const neighbour of proof.path) {
    if (last === 0) return false
    if (index % 2 === 1 || index === last) {
      node = hashNode(neighbour, node)
      // A last node without a right neighbour is taken up as it is, until it has a left one.
      while (index % 2 === 0 && index !== 0) {
        index = Math.floor(index / 2)
        last = Math.floor(last / 2)
      }
    } else {
      node = hashNode(node, neighbour)
    }
    index = Math.floor(index / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && node.equals(root)
}

function pathTo(hashes: readonly Buffer[], index: number): Buffer[] {
  if (hashes.length <= 1) return []
  let split = 1
  while (split * 2 < hashes.length) split *= 2
  const left = hashes.slice(0, split)
  const right = hashes.slice(split)
  return index < split
    ? [...pathTo(left, index), rootOf(right)]
    : [...pathTo(right, index - split), rootOf(left)]
}

function rootOf(hashes: readonly Buffer[]): Buffer {
  const tree = new MerkleTree()
  for (const leafHash of hashes) tree.addHash(leafHash)
  return tree.grown().root
}
