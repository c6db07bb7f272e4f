import { hashNode, hashSeal } from './merkle-hash.ts'

/** What a tenant's seal of a month binds together. */
export interface SealedMonth {
  /** The partitioned table, `schema.name`. */
  readonly table: string
  readonly lowUs: bigint | undefined
  readonly highUs: bigint | undefined
  /** Of the columns and their types, in hexadecimal. */
  readonly schemaHash: string
}

/** One tenant's part of a sealed month. Hashes are in hexadecimal. */
export interface TenantSeal {
  /** The hash of the tenant's id. */
  readonly tenant: string
  readonly rows: bigint
  /** The root of the Merkle tree over the tenant's rows in their order. */
  readonly root: string
  /** The tenant's seal before this one; nothing for the first. */
  readonly previous: string | undefined
  /** Over all of the above and the month: what the next one goes on from. */
  readonly seal: string
}

/** Seals one tenant's rows of a month, in a chain with the tenant's seal before. */
export function sealTenant(month: SealedMonth, part: Omit<TenantSeal, 'seal'>): TenantSeal {
  const seal = hashSeal([
    'leasehold.seal.v1',
    month.table,
    String(month.lowUs ?? ''),
    String(month.highUs ?? ''),
    month.schemaHash,
    part.tenant,
    String(part.rows),
    Buffer.from(part.root, 'hex'),
    Buffer.from(part.previous ?? '', 'hex'),
  ])
  return { ...part, seal: seal.toString('hex') }
}

/** One hash over the seals of all tenants of a month, whatever order they are given in: what is kept outside of the database. */
export function sealMonth(month: SealedMonth, seals: readonly TenantSeal[]): string {
  const start = hashSeal([
    'leasehold.month.v1',
    month.table,
    String(month.lowUs ?? ''),
    String(month.highUs ?? ''),
    month.schemaHash,
    String(seals.length),
  ])
  return seals
    .map(({ seal }) => seal)
    .sort()
    .reduce((hashed, seal) => hashNode(hashed, Buffer.from(seal, 'hex')), start)
    .toString('hex')
}
