import type { Conversion } from '../convert/conversion.ts'
import type { Finding } from '../convert/preflight/refusal.ts'
import type { TableShape } from '../convert/shape/table-shape.ts'
import { isUsable, type Ranges } from './choose-ranges.ts'
import type { MonthCount } from './count-months.ts'

/** Each month of strays is a partition; more than this is another table's worth of them. */
const MOST_STRAYS = 60
/** `tgtype`: for each row, before or after a DELETE. */
const ON_DELETE = /\b(?:DELETE)\b.* FOR EACH ROW /s

/** What keeps a DEFAULT partition from being promoted, as far as its rows are concerned. */
export function rowFindings(
  { table }: Conversion,
  fallback: string,
  counts: readonly MonthCount[] | undefined,
): readonly Finding[] {
  if (!counts) {
    return [
      {
        reason: 'rows-not-readable',
        message: `Row security hides rows of ${fallback} from this role, which therefore cannot tell what months they belong to.`,
        fix: `Run adopt as a role with BYPASSRLS, or have the owner say: ALTER TABLE ${fallback} NO FORCE ROW LEVEL SECURITY; adopt forces it again.`,
      },
    ]
  }
  if (counts.every(isUsable)) return []
  return [
    {
      reason: 'rows-without-month',
      message: `${fallback} has rows whose ${table.key} is null, infinite, or lies before 1970 or after 9998: no month can be made for them.`,
      fix: `Correct or delete these rows of ${fallback} first.`,
    },
  ]
}

/** What keeps strays from being moved. */
export function strayFindings(
  { object }: Conversion,
  fallback: TableShape,
  name: string,
  { strays }: Ranges,
): readonly Finding[] {
  if (strays.length === 0) return []
  const findings: Finding[] = []
  if (strays.length > MOST_STRAYS) {
    findings.push({
      reason: 'too-many-months',
      message: `The rows of ${name} lie in ${strays.length} months beside those that it can become the partition of.`,
      fix: `Move or delete the rows of the oldest of them first, until ${MOST_STRAYS} are left.`,
    })
  }
  for (const trigger of fallback.triggers) {
    if (trigger.enabled === 'D' || !ON_DELETE.test(trigger.definition)) continue
    findings.push({
      reason: 'trigger-on-delete',
      message: `The trigger ${trigger.name} would take rows of ${name} that are moved for rows that are deleted.`,
      fix: `ALTER TABLE ${object} DISABLE TRIGGER ${trigger.name}; for the time of the rescue.`,
    })
  }
  for (const { name: key, table } of fallback.surroundings.referencedBy) {
    findings.push({
      reason: 'foreign-key-into',
      message: `The foreign key ${key} of ${table} refers to rows of ${name}, which are deleted where they are moved from.`,
      fix: `ALTER TABLE ${table} DROP CONSTRAINT ${key}; and add it again after the rescue.`,
    })
  }
  return findings
}
