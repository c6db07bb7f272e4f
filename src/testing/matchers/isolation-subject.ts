import { compositionOf } from '../../composition.ts'
import { ConfigError } from '../../errors/config.ts'
import { refuseForeign } from '../../made-here.ts'
import type { IsolationOptions } from './isolation-options.ts'

/** What the tests of isolation use of a client of pg. */
export interface IsolationClient {
  query(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: readonly unknown[]; readonly rowCount: number | null }>
}

/** A client that is given back, and one that is ended. */
export type PooledClient = IsolationClient & { release(destroy?: boolean): void }
export type OwnClient = IsolationClient & { connect(): Promise<unknown>; end(): Promise<void> }

/** What the tests of isolation use of a `pg.Pool`. */
export interface IsolationPool {
  connect(): Promise<PooledClient>
  /** What makes the pool's clients; a pool that is wrapped may have none. */
  readonly Client?: new (
    options: unknown,
  ) => OwnClient
  readonly options?: unknown
}

/** The database under test, and what its policies read. */
export interface IsolationSubject {
  readonly pool: IsolationPool
  readonly tenants: readonly [string, string]
  readonly tenantColumn: string
  readonly tenantSetting: string
  /** Further settings that are declared, with their values for the tenants. */
  readonly settings: ReadonlyMap<string, string>
}

/**
 * @param db what `createLeasehold` made, or a `pg.Pool` whose login role is the application's
 * @throws {ConfigError}
 */
export function isolationSubject(db: unknown, options: IsolationOptions): IsolationSubject {
  const { tenants, tenantColumn, tenantSetting, settings = {} } = options ?? {}
  const [one, other, ...more] = tenants ?? []
  if (
    typeof one !== 'string' ||
    typeof other !== 'string' ||
    one === other ||
    one === '' ||
    other === '' ||
    more.length > 0
  ) {
    throw new ConfigError(
      'options.tenants must be two tenants that differ, of which each has rows: { tenants: [a, b] }.',
    )
  }
  const composed = typeof db === 'object' && db !== null ? compositionOf(db) : undefined
  if (!composed) refuseForeign('database', db, 'What is expected to isolate')
  const pool: unknown = composed?.pool ?? db
  if (!isPool(pool)) {
    throw new ConfigError('What is expected to isolate must be what createLeasehold made, or a pg.Pool.')
  }
  const declared = (composed?.settings ?? []).map((name): [string, string] => [name, ''])
  return {
    pool,
    tenants: [one, other],
    tenantColumn: tenantColumn ?? composed?.tenantColumn ?? 'tenant_id',
    tenantSetting: tenantSetting ?? composed?.tenantSetting ?? 'app.tenant_id',
    settings: new Map([...declared, ...Object.entries(settings)]),
  }
}

function isPool(value: unknown): value is IsolationPool {
  return (
    typeof value === 'object' && value !== null && 'connect' in value && typeof value.connect === 'function'
  )
}
