import { createHash, type Hash } from 'node:crypto'
import type { TenantTree } from '../seal/compare-seal.ts'
import { MerkleTree } from '../seal/merkle-tree.ts'
import { CanonicalRow, type TextRow } from './canonical-row.ts'
import { hashTenantId } from './tenant-hash.ts'

/** One tenant's rows, counted and hashed. */
export interface TenantTally extends TenantTree {
  /** The hash of the tenant's id. */
  readonly tenant: string
  /** Over the tenant's rows in their order, in hexadecimal. */
  readonly sha256: string
}

/** All rows, counted and hashed. */
export interface Tally {
  readonly rows: bigint
  /** Over all rows in their order, in hexadecimal. */
  readonly sha256: string
  /** In the order of the rows. */
  readonly tenants: readonly TenantTally[]
}

interface OpenTenant {
  readonly id: string | null
  readonly hash: Hash
  readonly tree: MerkleTree
}

/** Where the tenant is among a row's columns, and which of them are sealed. */
export interface TallyColumns {
  readonly tenantAt: number
  /** Nothing where all of them are. */
  readonly sealedAt?: readonly number[] | undefined
  /** Keys the hashes of tenant ids. */
  readonly tenantHashKey?: string | undefined
}

/** Counts and hashes rows that come in the archive's order, in which a tenant's rows stand together. */
export class RowTally {
  readonly #columns: TallyColumns
  readonly #canonical = new CanonicalRow()
  readonly #length: Buffer = Buffer.alloc(4)
  readonly #hash: Hash = createHash('sha256')
  readonly #tenants: TenantTally[] = []
  #open: OpenTenant | undefined
  #rows = 0n

  constructor(columns: TallyColumns) {
    this.#columns = columns
  }

  get rows(): bigint {
    return this.#rows
  }

  /** @returns bytes of the row */
  add(row: TextRow): number {
    const id = row[this.#columns.tenantAt] ?? null
    if (!this.#open || this.#open.id !== id) {
      this.#close()
      this.#open = { id, hash: createHash('sha256'), tree: new MerkleTree() }
    }
    const bytes = this.#canonical.encode(row)
    this.#length.writeUInt32BE(bytes.length)
    this.#hash.update(this.#length).update(bytes)
    this.#open.hash.update(this.#length).update(bytes)
    const length = bytes.length
    const { sealedAt } = this.#columns
    // The encoder's bytes hold until it is called again, so that the row's own are used up first.
    this.#open.tree.add(sealedAt ? this.#canonical.encode(sealedAt.map((at) => row[at] ?? null)) : bytes)
    this.#rows += 1n
    return length
  }

  /** Ends it: no row can be added any more. */
  finish(): Tally {
    this.#close()
    return { rows: this.#rows, sha256: this.#hash.digest('hex'), tenants: this.#tenants }
  }

  #close(): void {
    if (!this.#open) return
    const { id, hash, tree } = this.#open
    const { leaves, root, chunks } = tree.grown()
    this.#tenants.push({
      tenant: hashTenantId(id, this.#columns.tenantHashKey),
      rows: leaves,
      sha256: hash.digest('hex'),
      root: root.toString('hex'),
      chunks,
    })
    this.#open = undefined
  }
}
