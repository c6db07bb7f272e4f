import type { PgPool } from './pool/pg-pool.ts'

/** What other parts of this package have to know of a database object, and nobody else. */
export interface Composition {
  /** The pool of the application's role, as it was given or made. */
  readonly pool: PgPool
  readonly tenantSetting: string
  readonly tenantColumn: string
  readonly settings: readonly string[]
  /** A `CacheDatabase` of the tables that the object was made for. */
  readonly forCache: unknown
}

const compositions = new WeakMap<object, Composition>()

/** Keeps what a database object was composed of, for as long as that lives. */
export function rememberComposition(db: object, composition: Composition): void {
  compositions.set(db, composition)
}

/** What a database object was composed of; nothing for what `createLeasehold` has not made. */
export function compositionOf(db: object): Composition | undefined {
  return compositions.get(db)
}
