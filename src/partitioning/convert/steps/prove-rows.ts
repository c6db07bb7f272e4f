import { quoteName } from '../../../rls/sql/quote.ts'
import { monthText } from '../../months/month.ts'
import type { PartitionStep } from '../../plan/step.ts'
import type { Bound } from '../choose-bound.ts'
import type { Conversion } from '../conversion.ts'

/**
 * Proves that all rows belong before the bound, so that ATTACH believes it and reads none of them under its lock.
 *
 * @see https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-ATTACH-PARTITION
 */
export function proveRows(conversion: Conversion, { month, check }: Bound): readonly PartitionStep[] {
  const { ident, checkName } = conversion
  const name = quoteName(checkName)
  const drop = dropProof(conversion)
  const steps: PartitionStep[] = []
  if (check === 'absent' || check === 'other') {
    steps.push(
      conversion.brief('convert', 'check', {
        purpose: `New rows have to lie before ${monthText(month)}, which nobody notices until then; rows that are there are not read.`,
        statements: [
          ...(check === 'other' ? [drop] : []),
          `alter table ${ident} add constraint ${name} check (${conversion.checkText(month)}) not valid;`,
        ],
        locks: [conversion.lock('ACCESS EXCLUSIVE')],
        undo: drop,
      }),
    )
  }
  if (check !== 'valid') {
    steps.push(
      conversion.long('convert', 'validate', {
        purpose:
          'All rows are read once and found to lie before the bound, while the table is read and written.',
        statements: [`alter table ${ident} validate constraint ${name};`],
        locks: [conversion.lock('SHARE UPDATE EXCLUSIVE')],
      }),
    )
  }
  return steps
}

/** The statement that takes the proof back. */
export function dropProof({ ident, checkName }: Conversion): string {
  return `alter table ${ident} drop constraint if exists ${quoteName(checkName)};`
}
