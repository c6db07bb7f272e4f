import { ConfigError } from '../errors/config.ts'

/** The isolation levels that PostgreSQL tells apart. */
export type Isolation = 'read committed' | 'repeatable read' | 'serializable'

/** How a transaction is opened. */
export interface BeginOptions {
  readonly isolation: Isolation
  readonly readOnly: boolean
}

const ISOLATIONS: readonly unknown[] = ['read committed', 'repeatable read', 'serializable']

/**
 * The statement that opens a transaction. Isolation and access mode are always said: a role or a database may have
 * other defaults.
 *
 * @throws {ConfigError} for an isolation level that is none
 * @see https://www.postgresql.org/docs/current/sql-begin.html
 */
export function beginStatement(options: BeginOptions): string {
  if (!ISOLATIONS.includes(options.isolation)) {
    throw new ConfigError(`options.isolation must be one of: ${ISOLATIONS.join(', ')}.`)
  }
  return `begin isolation level ${options.isolation} ${options.readOnly ? 'read only' : 'read write'}`
}
