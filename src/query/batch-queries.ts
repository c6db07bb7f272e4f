import type { Compilable, InferResult, Kysely, KyselyPlugin, RawBuilder, Simplify } from 'kysely'
import type { ReadQueries } from './read-queries.ts'

/** A query that `batch` takes: a builder that was made from the callback's argument, or `sql`. */
export type BatchQuery = Compilable | RawBuilder<unknown>

/** What `batch` gives for its queries: for each, what executing it alone would give. */
export type BatchRows<Queries extends readonly BatchQuery[]> = {
  -readonly [Index in keyof Queries]: RowsOf<Queries[Index]>
}

type RowsOf<Query> =
  Query extends RawBuilder<infer Row>
    ? Simplify<Row>[]
    : Query extends Compilable<unknown>
      ? InferResult<Query>
      : never

/** Builds queries that the callback of `batch` returns. It executes nothing. */
export interface BatchQueries<DB>
  extends Pick<Kysely<DB>, 'insertInto' | 'updateTable' | 'deleteFrom' | 'mergeInto'>,
    Omit<ReadQueries<DB>, 'with' | 'withRecursive' | 'withSchema' | 'withPlugin' | 'withoutPlugins'> {
  readonly with: Kysely<DB>['with'] & ReadQueries<DB>['with']
  readonly withRecursive: Kysely<DB>['withRecursive'] & ReadQueries<DB>['withRecursive']
  withSchema(schema: string): BatchQueries<DB>
  withPlugin(plugin: KyselyPlugin): BatchQueries<DB>
  withoutPlugins(): BatchQueries<DB>
}
