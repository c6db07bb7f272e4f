import { quoteName } from '../../rls/sql/quote.ts'
import { type Conversion, qualify, referencedTables } from '../convert/conversion.ts'
import { harden, undress } from '../convert/dress/harden.ts'
import type { LedgerNotes } from '../convert/ledger-notes.ts'
import type { TableShape } from '../convert/shape/table-shape.ts'
import { attachMonth, createMonth, makeMonth } from '../convert/steps/make-month.ts'
import { type Month, monthText } from '../months/month.ts'
import { monthBound, monthValue } from '../months/month-bound.ts'
import type { ExpectedLock, PartitionStep } from '../plan/step.ts'
import type { Ranges } from './choose-ranges.ts'

/** A table with a DEFAULT partition that is to be promoted. */
export interface Promotion {
  readonly conversion: Conversion
  readonly parent: TableShape
  /** The DEFAULT partition. */
  readonly fallback: TableShape
  readonly schema: string
  readonly name: string
  readonly checkName: string
  readonly ledger: LedgerNotes
  readonly ranges: Ranges & { readonly main: NonNullable<Ranges['main']> }
}

/** The condition that proves to ATTACH what the partition holds. */
export function rangeText({ conversion: { table }, ranges: { main } }: Promotion): string {
  const key = quoteName(table.key)
  const { low, high } = main
  return `${key} is not null and ${key} >= ${monthValue(low, table.keyType)} and ${key} < ${monthValue(high, table.keyType)}`
}

/**
 * The transaction in which the DEFAULT partition becomes that of its months. Strays are moved first, under locks that nobody waits
 * for: others see them where they were until the transaction ends, so that no row is ever hidden; its own deletions make the CHECK
 * valid. Then come the locks that make others wait, and only changes to the catalogs.
 */
export function promote(promotion: Promotion): PartitionStep {
  const { conversion, parent, fallback, schema, name, ranges, checkName, ledger } = promotion
  const { ident, table, set } = conversion
  const from = qualify(schema, name)
  const months = conversion.partition(ranges.main.low)
  const moves = ranges.strays.length > 0
  const range = `from (${monthBound(ranges.main.low, table.keyType)}) to (${monthBound(ranges.main.high, table.keyType)})`
  const others = referencedTables(parent)
  return conversion.brief('adopt', 'promote', {
    partition: months.name,
    purpose:
      `The DEFAULT partition ${schema}.${name} becomes the partition of ${spanText(ranges.main)}` +
      `${moves ? `, and its other rows are moved to ${ranges.strays.map((month) => monthText(month)).join(', ')}` : ''}. No row is hidden at any moment.`,
    locks: locksOf(promotion),
    statements: [
      ...(moves && isChanged(parent) ? [`lock table ${from} in share row exclusive mode;`] : []),
      ...ranges.strays.flatMap((month) => [
        ...createMonth(conversion, parent, month),
        moveRows(promotion, month),
      ]),
      ...(moves ? [`alter table ${from} validate constraint ${quoteName(checkName)};`] : []),
      // ONLY: the other partitions stay open to who has locked them already.
      `lock table only ${ident} in access exclusive mode;`,
      ...others.map((other) => `lock table ${other.ident} in access exclusive mode;`),
      `alter table ${ident} detach partition ${from};`,
      ...(schema === set.partsSchema
        ? []
        : [`alter table ${from} set schema ${quoteName(set.partsSchema)};`]),
      ...(name === months.name
        ? []
        : [`alter table ${qualify(set.partsSchema, name)} rename to ${quoteName(months.name)};`]),
      ...undress(months.ident, { ...fallback, triggers: [] }),
      ...harden(months.ident, fallback),
      `alter table ${ident} attach partition ${months.ident} for values ${range};`,
      `alter table ${months.ident} drop constraint ${quoteName(checkName)};`,
      ...ranges.strays.flatMap((month) => attachMonth(conversion, parent, month)),
      ...ranges.empty.flatMap((month) => makeMonth(conversion, parent, month)),
      ...ledger.attached(months, ranges.main.low, ranges.main.high),
      ...[...ranges.strays, ...ranges.empty].flatMap((month) => ledger.month(month)),
    ],
  })
}

function locksOf({ conversion, parent, schema, name }: Promotion): readonly ExpectedLock[] {
  return [
    conversion.lock('ACCESS EXCLUSIVE'),
    conversion.lock('ACCESS EXCLUSIVE', `${schema}.${name}`),
    ...referencedTables(parent).map(({ object }) => conversion.lock('ACCESS EXCLUSIVE', object)),
  ]
}

/** In one statement: what is deleted here is inserted there, or neither is. */
function moveRows({ conversion, parent, schema, name }: Promotion, month: Month): string {
  const { key, keyType } = conversion.table
  const columns = parent.columns
    .filter(({ isGenerated }) => !isGenerated)
    .map((column) => quoteName(column.name))
    .join(', ')
  const where = `${quoteName(key)} >= ${monthValue(month, keyType)} and ${quoteName(key)} < ${monthValue(month + 1, keyType)}`
  return (
    `with moved as (delete from only ${qualify(schema, name)} where ${where} returning ${columns}) ` +
    `insert into ${conversion.partition(month).ident} (${columns}) select ${columns} from moved;`
  )
}

/** Whether anybody but the owner may change or delete rows: what changes a row that is being moved would be lost. */
export function isChanged({ grants }: TableShape): boolean {
  return grants.some(({ privilege }) => privilege === 'UPDATE' || privilege === 'DELETE')
}

function spanText({ low, high }: { readonly low: Month; readonly high: Month }): string {
  return high === low + 1 ? monthText(low) : `${monthText(low)} to ${monthText(high - 1)}`
}
