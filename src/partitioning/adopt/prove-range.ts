import { quoteName } from '../../rls/sql/quote.ts'
import { qualify } from '../convert/conversion.ts'
import { monthBound } from '../months/month-bound.ts'
import type { PartitionStep } from '../plan/step.ts'
import { type Promotion, rangeText } from './promote.ts'

/**
 * Proves that all rows lie in the months of the promotion, so that ATTACH reads none of them under its lock. With strays, that is
 * proven once they are moved.
 */
export function proveRange(promotion: Promotion): readonly PartitionStep[] {
  const { conversion, fallback, schema, name, checkName, ranges } = promotion
  const object = `${schema}.${name}`
  const ident = qualify(schema, name)
  const found = fallback.constraints.find((each) => each.name === checkName)
  const bounds = [ranges.main.low, ranges.main.high].map((month) =>
    monthBound(month, conversion.table.keyType),
  )
  const isThere = found !== undefined && bounds.every((bound) => found.definition.includes(`${bound}::`))
  const drop = `alter table ${ident} drop constraint if exists ${quoteName(checkName)};`
  const steps: PartitionStep[] = []
  if (!isThere) {
    steps.push(
      conversion.brief('adopt', 'check', {
        partition: name,
        purpose: `New rows of ${object} have to lie in the months that it becomes the partition of; rows that are there are not read.`,
        statements: [
          ...(found ? [drop] : []),
          `alter table ${ident} add constraint ${quoteName(checkName)} check (${rangeText(promotion)}) not valid;`,
        ],
        locks: [conversion.lock('ACCESS EXCLUSIVE', object)],
        undo: drop,
      }),
    )
  }
  if (ranges.strays.length === 0 && !(isThere && found.isValid)) {
    steps.push(
      conversion.long('adopt', 'validate', {
        partition: name,
        purpose:
          'All rows are read once and found to lie in these months, while the table is read and written.',
        statements: [`alter table ${ident} validate constraint ${quoteName(checkName)};`],
        locks: [conversion.lock('SHARE UPDATE EXCLUSIVE', object)],
      }),
    )
  }
  return steps
}
