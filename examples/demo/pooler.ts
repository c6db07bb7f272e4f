import { type ServerAddress, startPgbouncer, startToxicProxy, type ToxicProxy } from 'leasehold/testing'
import { VARIANT_NAMES, type VariantName } from './tenant-access.ts'

/** How many connections to PostgreSQL pgbouncer keeps for a variant, whose callers are many more. */
const SERVER_CONNECTIONS = 6

/** pgbouncer in transaction mode. */
export interface Pooler {
  /** The application's connection string for a variant. */
  urlFor(variant: VariantName): string
  /** The same by way of {@link proxy}. */
  countedUrlFor(variant: VariantName): string
  readonly proxy: ToxicProxy
}

/** Starts pgbouncer before a database, and before pgbouncer a proxy that counts. */
export async function startPooler(
  target: ServerAddress,
  database: string,
  resources: AsyncDisposableStack,
): Promise<Pooler> {
  const pooler = resources.use(
    await startPgbouncer({
      version: '1.24',
      target,
      poolMode: 'transaction',
      poolSize: SERVER_CONNECTIONS,
      users: ['app'],
      // Each variant has server connections of its own: session-set leaves its tenants behind on them.
      databases: Object.fromEntries(VARIANT_NAMES.map((name) => [name, `dbname=${database}`])),
    }),
  )
  const proxy = resources.use(await startToxicProxy({ target: pooler }))
  const urlAt = (address: ServerAddress, variant: VariantName): string =>
    `postgres://app@${address.host}:${address.port}/${variant}`
  return {
    proxy,
    urlFor: (variant) => urlAt(pooler, variant),
    countedUrlFor: (variant) => urlAt(proxy, variant),
  }
}
