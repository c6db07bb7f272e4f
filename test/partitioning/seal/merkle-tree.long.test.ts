import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareSeal, type TenantTree } from '../../../src/partitioning/seal/compare-seal.ts'
import { proveInclusion, provesInclusion } from '../../../src/partitioning/seal/inclusion-proof.ts'
import { hashLeaf, hashNode } from '../../../src/partitioning/seal/merkle-hash.ts'
import { MerkleTree, rootOfChunks } from '../../../src/partitioning/seal/merkle-tree.ts'

/** Leaves and roots of the reference vectors of Certificate Transparency, which RFC 9162 took its tree from. */
const CT_LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
const CT_ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

const leavesOf = (count: number) => Array.from({ length: count }, (_, at) => Buffer.from(`leaf ${at}`))

function treeOf(leaves: readonly Uint8Array[]): TenantTree {
  const tree = new MerkleTree()
  for (const leaf of leaves) tree.add(leaf)
  const { leaves: rows, root, chunks } = tree.grown()
  return { rows, root: root.toString('hex'), chunks }
}

/** The definition of RFC 9162, 2.1.1, word by word. */
function definedRoot(leaves: readonly Uint8Array[]): Buffer {
  const [only] = leaves
  if (!only) return createHash('sha256').digest()
  if (leaves.length === 1) return hashLeaf(only)
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  return hashNode(definedRoot(leaves.slice(0, split)), definedRoot(leaves.slice(split)))
}

describe('the tree', () => {
  it('has the roots of the reference vectors', () => {
    const roots = CT_LEAVES.map(
      (_, at) => treeOf(CT_LEAVES.slice(0, at + 1).map((hex) => Buffer.from(hex, 'hex'))).root,
    )
    expect(roots).toEqual(CT_ROOTS)
  })

  it('is the one that the RFC defines, at every size, and so is what its chunks stand for', () => {
    const sizes = [0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 767, 768, 769, 1024, 1281, 2047]
    for (const size of sizes) {
      const leaves = leavesOf(size)
      const { root, chunks } = treeOf(leaves)
      expect(root).toBe(definedRoot(leaves).toString('hex'))
      expect(rootOfChunks(chunks).toString('hex')).toBe(root)
      expect(chunks.length / 32).toBe(Math.ceil(size / 256))
    }
  })

  it('takes no node for a leaf', () => {
    const [a, b] = [Buffer.from('a'), Buffer.from('b')]
    const inner = Buffer.concat([hashLeaf(a), hashLeaf(b)])
    expect(treeOf([inner]).root).not.toBe(treeOf([a, b]).root)
  })
})

describe('a proof', () => {
  it('holds for every leaf of every size, and for no other leaf, root or place', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), (size, seed) => {
        const leaves = leavesOf(size)
        const index = seed % size
        const root = definedRoot(leaves)
        const proof = proveInclusion(leaves.map(hashLeaf), index)
        const leaf = leaves[index] ?? Buffer.alloc(0)
        expect(provesInclusion(proof, leaf, root)).toBe(true)
        expect(provesInclusion(proof, Buffer.from('another'), root)).toBe(false)
        expect(provesInclusion(proof, leaf, definedRoot(leavesOf(size + 1)))).toBe(false)
        expect(provesInclusion({ ...proof, path: [...proof.path, hashLeaf(leaf)] }, leaf, root)).toBe(false)
        if (size > 1) {
          expect(provesInclusion({ ...proof, index: (index + 1) % size }, leaf, root)).toBe(false)
          expect(provesInclusion({ ...proof, path: proof.path.slice(1) }, leaf, root)).toBe(false)
        }
      }),
    )
  })

  it('is refused for a leaf that there is not', () => {
    expect(() => proveInclusion([hashLeaf(Buffer.from('a'))], 1)).toThrow(RangeError)
  })
})

describe('comparing rows with their seal', () => {
  const leaves = leavesOf(100_000)
  const sealed = treeOf(leaves)
  const compare = (changed: readonly Buffer[]) => compareSeal('t', sealed, treeOf(changed))
  const swapped = leaves.toSpliced(77_000, 2, ...leaves.slice(77_000, 77_002).reverse())

  it.each([
    ['changed', leaves.with(50_000, Buffer.from('other')), 'changed', 50_000],
    ['changed at the end', leaves.with(99_999, Buffer.from('other')), 'changed', 99_999],
    ['deleted', leaves.toSpliced(12_345, 1), 'deleted', 12_345],
    ['deleted at the end', leaves.slice(0, -1), 'deleted', 99_999],
    ['added', leaves.toSpliced(66_000, 0, Buffer.from('more')), 'added', 66_000],
    ['added at the end', [...leaves, Buffer.from('more')], 'added', 100_000],
    ['reordered', swapped, 'changed', 77_000],
  ] as const)('finds one %s row of 100,000, to 256 rows', (_, changed, kind, at) => {
    const findings = compare(changed)
    expect(findings).toEqual([expect.objectContaining({ kind, tenant: 't' })])
    const [{ fromRow, toRow } = { fromRow: -1n, toRow: -1n }] = findings
    expect(Number(fromRow)).toBeLessThanOrEqual(at)
    expect(Number(toRow)).toBeGreaterThan(at)
    expect(Number(toRow - fromRow)).toBeLessThanOrEqual(256)
  })

  it('finds nothing where nothing differs', () => {
    expect(compare(leaves)).toEqual([])
  })

  it('says when the seal itself was changed', () => {
    const chunks = Buffer.from(sealed.chunks)
    chunks.writeUInt8(chunks.readUInt8(40) ^ 1, 40)
    expect(compareSeal('t', { ...sealed, chunks }, sealed)).toMatchObject([{ kind: 'damaged-seal' }])
  })

  it('finds a tenant that is new, and one that is gone', () => {
    expect(compareSeal('t', undefined, sealed)).toMatchObject([{ kind: 'unknown-tenant', toRow: 100_000n }])
    expect(compareSeal('t', sealed, undefined)).toMatchObject([{ kind: 'deleted', toRow: 100_000n }])
  })
})
