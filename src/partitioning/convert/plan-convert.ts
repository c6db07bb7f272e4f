import type { CatalogClient } from '../../rls/catalog/catalog-client.ts'
import { quoteName } from '../../rls/sql/quote.ts'
import type { PartitionSet } from '../definition/partition-options.ts'
import type { PartitionPlan, PartitionStep } from '../plan/step.ts'
import { type Bound, chooseBound } from './choose-bound.ts'
import { Conversion, primaryKeyOf } from './conversion.ts'
import { readDigest } from './guard.ts'
import { hasLedger, LedgerNotes } from './ledger-notes.ts'
import { findLegacy } from './marker.ts'
import { preflight } from './preflight/preflight.ts'
import { type Finding, refusalsOf } from './preflight/refusal.ts'
import { rowsBeyond } from './preflight/rows-beyond.ts'
import { readPinned } from './shape/read-pinned.ts'
import { readShape } from './shape/read-shape.ts'
import type { TableShape } from './shape/table-shape.ts'
import { buildIndex } from './steps/build-index.ts'
import { makeSchema } from './steps/make-schema.ts'
import { proveRows } from './steps/prove-rows.ts'
import { swap } from './steps/swap.ts'
import { tableOf } from './table-of.ts'

/** How a table is converted. */
export interface ConvertOptions {
  /** Whether the application does without the uniqueness that a key without the partition key gives. @default false */
  readonly acceptKey?: boolean
}

/** What is known of a table before its conversion. */
interface ConvertFacts {
  readonly shape: TableShape | undefined
  readonly planned: string
  readonly nowMs: number
  readonly ledger: LedgerNotes
}

/**
 * Plans how a plain table becomes a partitioned one, with all its rows in the first partition. The plan begins where an earlier run
 * came to a halt: it looks at what is there. Nothing is left to do once the table is converted.
 *
 * @param client connected to the primary, outside of a transaction, as a member of the table's owner
 * @param table the name of a table of the set, without its schema
 * @throws {RangeError} where the set has no such table
 */
export async function planConvert(
  client: CatalogClient,
  set: PartitionSet,
  table: string,
  { acceptKey = false }: ConvertOptions = {},
): Promise<PartitionPlan> {
  const conversion = new Conversion(set, tableOf(set, table))
  const facts = await readFacts(client, conversion)
  const { shape, nowMs } = facts
  if (!shape) return refuse(conversion, [tableMissing(conversion)])
  if (shape.kind === 'p' && findLegacy(shape))
    return {
      steps: analyze(
        conversion,
        shape.tuples,
        shape.leaves.map(({ schema, name }) => `${schema}.${name}`),
      ),
      refusals: [],
    }
  const bound = chooseBound(conversion, shape, nowMs)
  const findings = preflight({ conversion, shape, acceptKey })
  // What the catalogs refuse may be no table that could be read at all.
  const beyond =
    findings.length > 0 || bound.check === 'valid' ? [] : await rowsBeyond(client, conversion, bound.month)
  if (findings.length + beyond.length > 0) return refuse(conversion, [...findings, ...beyond])
  return { steps: convertSteps(conversion, shape, bound, facts), refusals: [] }
}

async function readFacts(client: CatalogClient, conversion: Conversion): Promise<ConvertFacts> {
  const { set, table, ident, checkName, indexName } = conversion
  return readPinned(client, async () => {
    const shape = await readShape(client, set.schema, table.name)
    const planned = shape ? await readDigest(client, ident, [checkName, indexName]) : ''
    const { rows } = await client.query('select extract(epoch from now())::float8 * 1000 as now')
    const [row] = rows as readonly { readonly now: number }[]
    const ledger = new LedgerNotes(conversion, await hasLedger(client))
    return { shape, planned, nowMs: row?.now ?? Number.NaN, ledger }
  })
}

function convertSteps(
  conversion: Conversion,
  shape: TableShape,
  bound: Bound,
  { planned, ledger }: ConvertFacts,
): readonly PartitionStep[] {
  const { set, table } = conversion
  const primary = primaryKeyOf(shape)
  const columns =
    primary && !primary.columns.includes(table.key) ? [...primary.columns, table.key] : undefined
  // INCLUDE and whatever else the old key had stays behind its columns.
  const newKey = columns && primary ? keyText(primary.definition, columns) : undefined
  const index = {
    phase: 'convert' as const,
    schema: set.schema,
    table: table.name,
    present: shape.indexes.find(({ name }) => name === conversion.indexName),
  }
  return [
    ...makeSchema(conversion, 'convert', shape.owner),
    ...proveRows(conversion, bound),
    ...(columns && newKey ? buildIndex(conversion, { ...index, columns, definition: newKey }) : []),
    swap(conversion, withoutOwn(conversion, shape), { month: bound.month, planned, newKey, ledger }),
    ...analyze(conversion, -1, [
      conversion.legacyObject,
      `${set.partsSchema}.${conversion.partition(bound.month).name}`,
    ]),
  ]
}

/** The definition of a key with other columns: `PRIMARY KEY (id) INCLUDE (note)` becomes `(id, created_at) INCLUDE (note)`. */
export function keyText(definition: string, columns: readonly string[]): string {
  const rest = /\) (INCLUDE \(.*\)(?: .*)?)$/s.exec(definition)?.[1]
  return `(${columns.map(quoteName).join(', ')})${rest ? ` ${rest}` : ''}`
}

/** Without what the steps before the swap have added: it is not carried over. */
function withoutOwn({ checkName, indexName }: Conversion, shape: TableShape): TableShape {
  return {
    ...shape,
    constraints: shape.constraints.filter(({ name }) => name !== checkName),
    indexes: shape.indexes.filter(({ name }) => name !== indexName),
  }
}

/** A new partitioned table has no statistics of its own, which plans across its partitions are made from. */
function analyze(
  conversion: Conversion,
  tuples: number,
  partitions: readonly string[],
): readonly PartitionStep[] {
  if (tuples >= 0) return []
  return [
    conversion.long('convert', 'analyze', {
      purpose: 'The planner is given statistics of the table as a whole.',
      statements: [`analyze ${conversion.ident};`],
      locks: [conversion.object, ...partitions].map((object) =>
        conversion.lock('SHARE UPDATE EXCLUSIVE', object),
      ),
    }),
  ]
}

function tableMissing({ object }: Conversion): Finding {
  return {
    reason: 'table-missing',
    message: `There is no table ${object}.`,
    fix: 'Create it, or take it out of the set.',
  }
}

function refuse(conversion: Conversion, findings: readonly Finding[]): PartitionPlan {
  return { steps: [], refusals: refusalsOf(conversion, findings) }
}
