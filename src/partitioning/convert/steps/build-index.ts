import { quoteName } from '../../../rls/sql/quote.ts'
import type { ExpectedLock, PartitionStep, Phase } from '../../plan/step.ts'
import { type Conversion, qualify } from '../conversion.ts'
import type { IndexShape } from '../shape/table-shape.ts'

/** A unique index that a key is to be made of. */
export interface KeyIndex {
  readonly phase: Phase
  readonly schema: string
  /** The table that it is on. */
  readonly table: string
  readonly columns: readonly string[]
  /** Columns that the key only includes. */
  readonly definition: string
  /** An index of the name that is there already. */
  readonly present: IndexShape | undefined
}

/**
 * Builds an index beside readers and writers. What a killed build left is not valid, and is dropped first: the server keeps it up to
 * date and uses it for nothing.
 */
export function buildIndex(conversion: Conversion, index: KeyIndex): readonly PartitionStep[] {
  const { phase, schema, table, columns, definition, present } = index
  const ready = present?.isValid && present.columns.join('\n') === columns.join('\n')
  if (ready) return []
  const object = `${schema}.${table}`
  const locks: readonly ExpectedLock[] = [conversion.lock('SHARE UPDATE EXCLUSIVE', object)]
  const drop = `drop index concurrently if exists ${qualify(schema, conversion.indexName)};`
  const build = conversion.long(phase, 'index', {
    purpose: `The index of the key (${columns.join(', ')}) is built while the table is read and written.`,
    statements: [
      `create unique index concurrently ${quoteName(conversion.indexName)} on ${qualify(schema, table)} ${definition};`,
    ],
    locks,
    undo: drop,
  })
  if (!present) return [build]
  const purpose = 'What an earlier build left is dropped.'
  return [conversion.long(phase, 'drop-index', { purpose, statements: [drop], locks }), build]
}
