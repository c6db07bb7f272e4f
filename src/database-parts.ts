import { type OpenSource, openSources } from './open-source.ts'
import type { ResolvedOptions } from './options/resolve-options.ts'
import type { PgPool } from './pool/pg-pool.ts'
import { createKyselyParts, type KyselyParts } from './query/kysely-parts.ts'
import { Routes, type ScopedReader } from './routes.ts'
import { Scopes } from './scope/scopes.ts'
import { Shutdown } from './shutdown.ts'
import type { TenantSource } from './wire/tenant-source.ts'

/** What a database object works with; its cache and the pool that it gives to ORMs work with the same. */
export interface DatabaseParts {
  readonly options: ResolvedOptions
  readonly kysely: KyselyParts
  /** Of the primary. */
  readonly source: TenantSource
  /** Of the primary, without the check that its first use goes through. */
  readonly pool: PgPool
  readonly system: OpenSource | undefined
  readonly routes: Routes
  readonly scopes: Scopes<ScopedReader>
  readonly shutdown: Shutdown
}

/** Opens the pools, and has the router know them. */
export function openParts(options: ResolvedOptions): DatabaseParts {
  const { router } = options
  const { primary, system, replicas, bulkhead } = openSources(options)
  if (bulkhead) router?.attach({ primary, bulkhead: bulkhead.source, replicas })
  const all = [primary, system, bulkhead, ...replicas].filter((source) => source !== undefined)
  return {
    options,
    kysely: createKyselyParts(options.kysely),
    source: primary.source,
    pool: primary.pool,
    system,
    routes: new Routes(router),
    scopes: new Scopes<ScopedReader>(),
    shutdown: new Shutdown(all, () => router?.close()),
  }
}
