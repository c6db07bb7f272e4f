import { fitName } from '../../../rls/policy/derived-name.ts'
import type { Leaf } from '../../catalog/partition-catalog.ts'
import { objectOf } from '../../check/relation-name.ts'
import { inOrder } from '../../check/spans.ts'
import { monthStartingAt } from '../../months/month.ts'
import { partitionName } from '../../months/partition-name.ts'
import type { PlanRefusal } from '../step.ts'
import type { TablePlanning } from '../table-planning.ts'

/** Partitions to retire now, the oldest first, and why others are not. */
export interface RetireChoice {
  readonly leaves: readonly Leaf[]
  readonly refusals: readonly PlanRefusal[]
}

const NOTHING: RetireChoice = { leaves: [], refusals: [] }

/**
 * Chooses what is older than what is kept: by its bounds and by its name, which must agree, since one of the two being wrong is the one way
 * to lose rows that are kept. Few at once, never below the floor, and nothing that is held.
 */
export function chooseRetired(planning: TablePlanning): RetireChoice {
  const { attached, pending, table, parent, fallback } = planning
  if (table.retainMonths === undefined) return NOTHING
  const due = inOrder(attached.filter(({ highUs }) => planning.isDue(highUs))) as readonly Leaf[]
  const refusals: PlanRefusal[] = []
  if (parent.referencedBy.length > 0) refusals.push(foreignKeyInto(planning))
  if (due.length === 0) return { leaves: [], refusals }
  if (fallback) refusals.push(defaultPartition(planning, fallback))
  // A second detach is refused while one is pending; the next run goes on.
  if (refusals.length > 0 || pending.length > 0) return { leaves: [], refusals }
  const usable = due.filter((leaf) => {
    if (planning.ledgerRow(leaf.oid)?.hold !== undefined) return false
    const refusal = leafRefusal(planning, leaf)
    if (refusal) refusals.push(refusal)
    return refusal === undefined
  })
  const spare = Math.max(0, attached.length - table.minLeaves)
  return { leaves: usable.slice(0, Math.min(table.maxRetirePerRun, spare)), refusals }
}

function leafRefusal(planning: TablePlanning, leaf: Leaf): PlanRefusal | undefined {
  const { name, referencedBy } = leaf
  if (!isNamedAsBound(planning, leaf)) {
    return planning.refusal('name-disagrees', {
      partition: name,
      message: `${objectOf(leaf)} is older than what is kept by its bounds, but its name is not that of a month that begins with them.`,
      fix: 'Find out which of the two is wrong. Rename the partition, and it is retired.',
    })
  }
  const [key] = referencedBy
  if (key) {
    return planning.refusal('foreign-key-into', {
      partition: name,
      message: `${key.table} refers to rows of ${objectOf(leaf)} by its foreign key ${key.name}.`,
      fix: `Drop ${key.name} on ${key.table}.`,
    })
  }
  const { set, state } = planning
  if (state.loose.some((loose) => loose.schema === set.detachedSchema && loose.name === name)) {
    return planning.refusal('name-taken', {
      partition: name,
      message: `${set.detachedSchema}.${name} is there already, so that ${objectOf(leaf)} cannot be put there.`,
      fix: 'It is an earlier one of the same month, which is dropped once it was archived; or rename it.',
    })
  }
  return undefined
}

/** `audit_log_2026_12` begins with that month; `audit_log_legacy`, which a conversion has left, with MINVALUE. */
function isNamedAsBound({ table }: TablePlanning, { name, lowUs }: Leaf): boolean {
  if (lowUs === undefined) return name === fitName(`${table.name}_legacy`)
  const month = monthStartingAt(lowUs)
  return month !== undefined && name === partitionName(table.name, month)
}

function foreignKeyInto(planning: TablePlanning): PlanRefusal {
  const { parent, object } = planning
  const keys = parent.referencedBy.map(({ table, name }) => `${table} (${name})`).join(', ')
  return planning.refusal('foreign-key-into', {
    message: `Foreign keys refer to ${object}: ${keys}. Its partitions are not retired: a month that is referred to cannot be detached, and each detach looks through these tables.`,
    fix: 'Drop the foreign keys, or take `retain` out of the configuration.',
  })
}

function defaultPartition(planning: TablePlanning, fallback: Leaf): PlanRefusal {
  return planning.refusal('default-partition', {
    partition: fallback.name,
    message: `${objectOf(fallback)} is a DEFAULT partition: as long as there is one, PostgreSQL detaches no other partition beside readers and writers.`,
    fix: `\`leasehold partitions adopt ${planning.table.name}\` makes it the partition of its months, or drops it where it is empty.`,
  })
}
