import {
  type Dialect,
  type DialectAdapter,
  type Driver,
  type KyselyPlugin,
  type KyselyProps,
  Log,
  type LogConfig,
  PostgresDialect,
  type QueryCompiler,
  type QueryExecutor,
} from 'kysely'
import { UnsupportedError } from '../errors/unsupported.ts'

/*
 * What of Kysely the handles lean on, read in kysely 0.29.9. All of it is exported from its root and typed; what its
 * documentation leaves out is:
 *
 * - `new Kysely({ config, driver, dialect, executor })`, the form in which Kysely makes its own copies, uses the
 *   executor for everything but `destroy`, `introspection`, `transaction`, `startTransaction` and `connection`.
 *   A handle overrides all of these but `introspection`, which only queries.
 * - `getExecutor()` gives that executor; its `withPlugin`, `withPluginAtFront`, `withoutPlugins` and
 *   `withConnectionProvider` copy it.
 * - An executor asks its `ConnectionProvider` for a connection for each query, and calls nothing on that but
 *   `executeQuery` and `streamQuery`; with a signal and a strategy for queries in flight also `collectSessionInfo`.
 * - Builders and `sql` run their text through `executor.compileQuery` of the executor that they were made with.
 * - `RuntimeDriver` writes the log by replacing a connection's methods. Handles bypass it, so they write the log.
 */

/** What goes through to Kysely. */
export interface KyselyOptions {
  /** Plugins of every handle and transaction, such as `new CamelCasePlugin()`. They do not touch `query`. */
  readonly plugins?: readonly KyselyPlugin[] | undefined
  /** Kysely's log: levels, or a function. Its events hold the texts and the values of statements. */
  readonly log?: LogConfig | undefined
}

/** The parts of Kysely that all handles of one database object share, so that a handle costs next to nothing. */
export interface KyselyParts {
  readonly config: KyselyProps['config']
  readonly dialect: Dialect
  readonly driver: Driver
  readonly compiler: QueryCompiler
  readonly adapter: DialectAdapter
  /** Those of every handle. Not to be changed, though Kysely asks for an array that could be. */
  readonly plugins: KyselyPlugin[]
  /** `undefined` where nothing is logged. */
  readonly log: Log | undefined
}

/** Makes the shared parts, once for each database object. */
export function createKyselyParts({ plugins = [], log }: KyselyOptions): KyselyParts {
  const dialect = new PostgresDialect({ pool: refuse })
  return Object.freeze({
    config: Object.freeze({ dialect }),
    dialect,
    driver: dialect.createDriver(),
    compiler: dialect.createQueryCompiler(),
    adapter: dialect.createAdapter(),
    plugins: [...plugins],
    log: log && new Log(log),
  })
}

/** What `new Kysely` takes for a copy. Not a spread, whose copies are a quarter larger. */
export function kyselyProps({ config, dialect, driver }: KyselyParts, executor: QueryExecutor): KyselyProps {
  return { config, dialect, driver, executor }
}

/** Where a later Kysely would ask its driver for a connection, it must not get one that knows no tenant. */
async function refuse(): Promise<never> {
  throw new UnsupportedError('A connection of its own', 'Use the handle itself, or withTenant().')
}
