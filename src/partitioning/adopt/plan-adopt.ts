import type { CatalogClient } from '../../rls/catalog/catalog-client.ts'
import { fitName } from '../../rls/policy/derived-name.ts'
import { quoteName } from '../../rls/sql/quote.ts'
import { Conversion, qualify } from '../convert/conversion.ts'
import { hasLedger, LedgerNotes } from '../convert/ledger-notes.ts'
import { type Finding, refusalsOf } from '../convert/preflight/refusal.ts'
import { readPinned } from '../convert/shape/read-pinned.ts'
import { readShape } from '../convert/shape/read-shape.ts'
import type { LeafShape, TableShape } from '../convert/shape/table-shape.ts'
import { makeSchema } from '../convert/steps/make-schema.ts'
import { tableOf } from '../convert/table-of.ts'
import type { PartitionSet } from '../definition/partition-options.ts'
import { monthAt } from '../months/month.ts'
import type { PartitionPlan, PartitionStep } from '../plan/step.ts'
import { chooseRanges, isUsable, type Ranges } from './choose-ranges.ts'
import { countMonths } from './count-months.ts'
import { dropDefault } from './drop-default.ts'
import { type LeafRange, leafRange } from './leaf-range.ts'
import { rowFindings, strayFindings } from './preflight.ts'
import { type Promotion, promote } from './promote.ts'
import { proveRange } from './prove-range.ts'
import { takenNames } from './taken-names.ts'

/**
 * Plans how the rows of a DEFAULT partition are rescued: it becomes the partition of the months that its rows lie in, without one of
 * them being moved; only strays, that other partitions lie between, are. Afterwards there is no DEFAULT partition. The plan begins
 * where an earlier run came to a halt.
 *
 * @param client connected to the primary, outside of a transaction, as a member of the table's owner that may read the partition
 * @param table the name of a table of the set, without its schema
 * @returns no steps where there is no DEFAULT partition
 * @throws {RangeError} where the set has no such table
 */
export async function planAdopt(
  client: CatalogClient,
  set: PartitionSet,
  table: string,
): Promise<PartitionPlan> {
  const conversion = new Conversion(set, tableOf(set, table))
  const { parent, leaf, fallback, nowMs, ledger } = await readFacts(client, conversion)
  if (!parent || !leaf || !fallback) return { steps: [], refusals: [] }
  const refuse = (findings: readonly Finding[]): PartitionPlan => ({
    steps: [],
    refusals: refusalsOf(conversion, findings),
  })
  const object = `${leaf.schema}.${leaf.name}`
  const { ranges: leaves, findings: unread } = readLeaves(conversion, parent, leaf)
  if (fallback.kind !== 'r') unread.push(subPartitioned(object))
  if (unread.length > 0) return refuse(unread)
  const { key, keyType } = conversion.table
  const counts = await countMonths(client, qualify(leaf.schema, leaf.name), key, keyType)
  const rows = rowFindings(conversion, object, counts)
  if (rows.length > 0 || !counts) return refuse(rows)
  const ranges = chooseRanges(counts.filter(isUsable), leaves, monthAt(BigInt(Math.floor(nowMs)) * 1_000n))
  const findings = [
    ...strayFindings(conversion, fallback, object, ranges),
    ...(await takenNames(client, conversion, leaf, ranges)),
  ]
  if (findings.length > 0) return refuse(findings)
  return { steps: adoptSteps({ conversion, parent, fallback, ledger }, leaf, ranges), refusals: [] }
}

async function readFacts(
  client: CatalogClient,
  conversion: Conversion,
): Promise<{
  readonly parent: TableShape | undefined
  readonly leaf: LeafShape | undefined
  readonly fallback: TableShape | undefined
  readonly nowMs: number
  readonly ledger: LedgerNotes
}> {
  const { set, table } = conversion
  return readPinned(client, async () => {
    const parent = await readShape(client, set.schema, table.name)
    const leaf = parent?.leaves.find(({ bound }) => bound === 'DEFAULT')
    const fallback = leaf && (await readShape(client, leaf.schema, leaf.name))
    const { rows } = await client.query('select extract(epoch from now())::float8 * 1000 as now')
    const [row] = rows as readonly { readonly now: number }[]
    const ledger = new LedgerNotes(conversion, await hasLedger(client))
    return { parent, leaf, fallback, nowMs: row?.now ?? Number.NaN, ledger }
  })
}

function readLeaves(
  { object }: Conversion,
  { leaves }: TableShape,
  fallback: LeafShape,
): { readonly ranges: LeafRange[]; readonly findings: Finding[] } {
  const ranges: LeafRange[] = []
  const findings: Finding[] = []
  for (const { oid, schema, name, bound } of leaves) {
    if (oid === fallback.oid) continue
    const range = leafRange(bound)
    if (range) ranges.push(range)
    else
      findings.push({
        reason: 'bound-not-understood',
        message: `The partition ${schema}.${name} of ${object} is not one of a range of instants.`,
        fix: 'Only tables that are partitioned by ranges of one column of time are kept in months.',
      })
  }
  return { ranges, findings }
}

function adoptSteps(
  facts: Pick<Promotion, 'conversion' | 'parent' | 'fallback' | 'ledger'>,
  leaf: LeafShape,
  { main, strays, empty }: Ranges,
): readonly PartitionStep[] {
  const { conversion, parent, ledger } = facts
  const schema = makeSchema(conversion, 'adopt', parent.owner)
  if (!main) return [...schema, dropDefault(conversion, parent, leaf, empty, ledger)]
  const promotion: Promotion = {
    ...facts,
    schema: leaf.schema,
    name: leaf.name,
    checkName: fitName(`${conversion.table.name}_adopt_bound`),
    ranges: { main, strays, empty },
  }
  return [...schema, ...proveRange(promotion), promote(promotion)]
}

function subPartitioned(object: string): Finding {
  return {
    reason: 'default-partitioned',
    message: `The DEFAULT partition ${object} is itself partitioned.`,
    fix: `Detach ${quoteName(object)} and attach its partitions by themselves.`,
  }
}
