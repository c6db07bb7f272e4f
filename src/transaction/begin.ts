import { ConfigError } from '../errors/config.ts'

/** The isolation levels that PostgreSQL tells apart. */
export type Isolation = 'read committed' | 'repeatable read' | 'serializable'

/** How a transaction is opened. */
export interface BeginOptions {
  readonly isolation: Isolation
  readonly readOnly: boolean
  /** Waits for a snapshot that can fail nobody and cannot fail itself. */
  readonly deferrable: boolean
}

const ISOLATIONS: readonly unknown[] = ['read committed', 'repeatable read', 'serializable']

/**
 * The statement that opens a transaction. Isolation and access mode are always said: a role or a database may have
 * other defaults.
 *
 * @throws {ConfigError} for an isolation level that is none, and for deferrable where it would mean nothing
 * @see https://www.postgresql.org/docs/current/sql-begin.html
 */
export function beginStatement({ isolation, readOnly, deferrable }: BeginOptions): string {
  if (!ISOLATIONS.includes(isolation)) {
    throw new ConfigError(`options.isolation must be one of: ${ISOLATIONS.join(', ')}.`)
  }
  if (deferrable && !(isolation === 'serializable' && readOnly)) {
    throw new ConfigError(
      "options.deferrable needs { isolation: 'serializable', readOnly: true }; in any other transaction " +
        'PostgreSQL ignores it.',
    )
  }
  const mode = readOnly ? 'read only' : 'read write'
  return `begin isolation level ${isolation} ${mode} ${deferrable ? 'deferrable' : 'not deferrable'}`
}
