import {
  type CompiledQuery,
  DefaultQueryExecutor,
  type KyselyPlugin,
  type QueryId,
  type RootOperationNode,
} from 'kysely'
import { UnsupportedError } from '../errors/unsupported.ts'
import type { KyselyParts } from './kysely-parts.ts'

/** Which executor compiled a query: its plugins transform the result, and a query of another handle has none here. */
const compiledBy = new WeakMap<CompiledQuery, BatchExecutor>()

const refusing = {
  async provideConnection(): Promise<never> {
    throw new UnsupportedError(
      'execute() inside the callback of batch()',
      'Return the query from the callback; the batch sends it.',
    )
  },
}

/** The executor of the queries that the callback of `batch` builds: it compiles, and refuses to execute. */
export class BatchExecutor extends DefaultQueryExecutor {
  readonly #parts: KyselyParts

  /** The executor that compiled a query, if it was made for a batch. */
  static of(query: CompiledQuery): BatchExecutor | undefined {
    return compiledBy.get(query)
  }

  constructor(parts: KyselyParts, plugins: readonly KyselyPlugin[]) {
    super(parts.compiler, parts.adapter, refusing, [...plugins])
    this.#parts = parts
  }

  override compileQuery(node: RootOperationNode, queryId: QueryId): CompiledQuery {
    const query = super.compileQuery(node, queryId)
    compiledBy.set(query, this)
    return query
  }

  override withPlugins(plugins: readonly KyselyPlugin[]): BatchExecutor {
    return new BatchExecutor(this.#parts, [...this.plugins, ...plugins])
  }

  override withPlugin(plugin: KyselyPlugin): BatchExecutor {
    return this.withPlugins([plugin])
  }

  override withPluginAtFront(plugin: KyselyPlugin): BatchExecutor {
    return new BatchExecutor(this.#parts, [plugin, ...this.plugins])
  }

  override withoutPlugins(): BatchExecutor {
    return new BatchExecutor(this.#parts, [])
  }
}
