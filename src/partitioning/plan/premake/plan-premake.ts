import type { LooseTable } from '../../catalog/partition-catalog.ts'
import { objectOf } from '../../check/relation-name.ts'
import { addMonths, type Month, monthStartUs, monthText } from '../../months/month.ts'
import { looseRole, spanOfLoose } from '../loose-role.ts'
import type { PartitionPlan, PartitionStep, PlanRefusal } from '../step.ts'
import type { TablePlanning } from '../table-planning.ts'
import { attachStep } from './attach.ts'
import { findMissingMonths, overlaps } from './missing-months.ts'
import { stageStep } from './stage.ts'

/** More holes than a person can have meant: rows with a wrong clock were given a partition of 1970. */
const MOST_PAST = 120

/** Steps for the months ahead, steps for holes of the past, and what is refused. */
export interface PremakePlan {
  readonly ahead: readonly PartitionStep[]
  readonly past: readonly PartitionStep[]
  readonly refusals: readonly PlanRefusal[]
}

/** Plans the months that are missing: each in a chain of its own, so that one that fails keeps no other from being made. */
export function planPremake(planning: TablePlanning): PremakePlan {
  const { attached, fallback, table } = planning
  const missing = findMissingMonths(attached, { ...planning, premake: table.premake })
  const refusals: PlanRefusal[] = missing.torn.map((month) => tornMonth(planning, month))
  const past = missing.past.filter((month) => {
    const refusal = apartRefusal(planning, month)
    if (refusal) refusals.push(refusal)
    return refusal === undefined
  })
  if (past.length > MOST_PAST) {
    refusals.push(tooManyHoles(planning, past))
    past.length = 0
  }
  const wanted = [...missing.ahead, ...past]
  if (wanted.length > 0 && fallback && fallback.isEmpty !== true) {
    return { ahead: [], past: [], refusals: [...refusals, defaultInTheWay(planning, wanted)] }
  }
  const make = (month: Month) => {
    const plan = makeMonth(planning, month)
    refusals.push(...plan.refusals)
    return plan.steps
  }
  return { ahead: missing.ahead.flatMap(make), past: past.flatMap(make), refusals }
}

function makeMonth(planning: TablePlanning, month: Month): PartitionPlan {
  const partition = planning.partition(month)
  const taken = nameTaken(planning, month)
  const left = planning.state.loose.find(
    ({ schema, name }) => schema === partition.schema && name === partition.name,
  )
  if (taken) return { steps: [], refusals: [taken] }
  // What is no staged table is put away by the time that the name is needed.
  const staged = left && looseRole(planning, left) === 'staged' ? left : undefined
  return { steps: [stageStep(planning, month, staged), attachStep(planning, month)], refusals: [] }
}

function nameTaken(planning: TablePlanning, month: Month): PlanRefusal | undefined {
  const partition = planning.partition(month)
  const isSame = (each: { readonly schema: string; readonly name: string }) =>
    each.schema === partition.schema && each.name === partition.name
  const leaf = planning.attached.find(isSame)
  if (leaf) {
    return planning.refusal('name-taken', {
      partition: leaf.name,
      message: `${objectOf(leaf)} bears the name of the partition of ${monthText(month)}, but is attached for another time.`,
      fix: 'Rename it, then run this again.',
    })
  }
  const loose = planning.state.loose.find(isSame)
  return loose && looseRole(planning, loose) === 'staged' && loose.isEmpty !== true
    ? stagedWithRows(planning, loose)
    : undefined
}

function stagedWithRows(planning: TablePlanning, loose: LooseTable): PlanRefusal {
  return planning.refusal('staged-not-empty', {
    partition: loose.name,
    message: `${objectOf(loose)} was made for a month that is missing, is not attached, and holds rows.`,
    fix: 'A restore was interrupted, or somebody filled it: end the restore (`leasehold partitions restore`), or empty the table.',
  })
}

function tornMonth({ attached, object }: TablePlanning, month: Month): PlanRefusal {
  const [low, high] = [monthStartUs(month), monthStartUs(addMonths(month, 1))]
  const names = attached.filter((leaf) => overlaps(leaf, low, high)).map(objectOf)
  return {
    table: object,
    partition: undefined,
    reason: 'overlap',
    message: `${names.join(', ')} ${names.length === 1 ? 'holds' : 'hold'} a part of ${monthText(month)}, and nothing holds the rest: no partition of the whole month can be attached.`,
    fix: 'Its bounds are none of months in UTC. Attach a partition for the rest by hand, or move the rows and detach it.',
  }
}

/** A month of the past whose rows are kept apart: an empty partition in its place would keep them from coming back. */
function apartRefusal(planning: TablePlanning, month: Month): PlanRefusal | undefined {
  const [low, high] = [monthStartUs(month), monthStartUs(addMonths(month, 1))]
  const { state, pending } = planning
  const attached = new Set(planning.attached.map(({ oid }) => oid))
  const apart =
    pending.find((leaf) => overlaps(leaf, low, high)) ??
    state.loose.find((loose) => {
      const span = looseRole(planning, loose) === 'stray' ? spanOfLoose(planning, loose) : undefined
      return span !== undefined && overlaps(span, low, high)
    })
  const row = state.ledger.find(
    (each) =>
      !attached.has(each.oid) &&
      ['retiring', 'detached', 'archived', 'dropped'].includes(each.state) &&
      overlaps(each, low, high),
  )
  const name = apart?.name ?? row?.partition
  if (name === undefined) return undefined
  return planning.refusal('month-detached', {
    partition: name,
    message: `${monthText(month)} is kept, but its partition ${name} was detached${row?.state === 'dropped' ? ', archived and dropped' : ''}: its rows are not seen.`,
    fix: `\`leasehold partitions restore ${name}\` brings them back.`,
  })
}

function tooManyHoles(planning: TablePlanning, past: readonly Month[]): PlanRefusal {
  const [first = 0, last = first] = [past[0], past.at(-1)]
  return planning.refusal('too-many-holes', {
    message: `${past.length} months between ${monthText(first)} and ${monthText(last)} have no partition, more than ${MOST_PAST}. Rows with a wrong clock may have been given a partition of their own.`,
    fix: 'Move these rows and detach that partition, or set `retain`: holes are filled in what is kept only.',
  })
}

function defaultInTheWay(planning: TablePlanning, wanted: readonly Month[]): PlanRefusal {
  const { fallback } = planning
  const name = fallback ? objectOf(fallback) : 'DEFAULT'
  return planning.refusal('default-partition', {
    ...(fallback ? { partition: fallback.name } : {}),
    message: `${name} is a DEFAULT partition with rows: to attach ${wanted.map((month) => monthText(month)).join(', ')}, PostgreSQL would look through all of them while nobody can read or write them.`,
    fix: `\`leasehold partitions adopt ${planning.table.name}\` makes it the partition of its months.`,
  })
}
