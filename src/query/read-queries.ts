import type { Kysely, KyselyPlugin } from 'kysely'
import type { ReadonlyQueryCreator } from 'kysely/readonly'

/**
 * Builds queries that read. A function that only builds can take it: handles, transactions and the argument of a batch's
 * callback all are one.
 */
export interface ReadQueries<DB>
  extends Pick<Kysely<DB>, 'selectFrom' | 'selectNoFrom' | 'dynamic' | 'fn' | 'case'> {
  /** A common table expression that reads. */
  readonly with: ReadonlyQueryCreator<DB>['with']
  readonly withRecursive: ReadonlyQueryCreator<DB>['withRecursive']
  withSchema(schema: string): ReadQueries<DB>
  withPlugin(plugin: KyselyPlugin): ReadQueries<DB>
  withoutPlugins(): ReadQueries<DB>
}
