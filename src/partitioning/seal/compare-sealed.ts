import { ArchiveError } from '../archive/archive-error.ts'
import type { ArchivedPartition } from '../archive/archived-partition.ts'
import type { Tally } from '../archive/row-tally.ts'
import { compareSeal, type SealFinding } from './compare-seal.ts'
import { printFinding } from './print-finding.ts'
import type { SealedPartition } from './seal-store.ts'

const NAMED_FINDINGS = 5

/** Where the rows that there are differ from those that were sealed; nothing where they are the same. */
export function findBreaks(sealed: Pick<SealedPartition, 'tenants'>, tally: Tally): SealFinding[] {
  const found = new Map(tally.tenants.map((one) => [one.tenant, one]))
  const known = new Set(sealed.tenants.map(({ tenant }) => tenant))
  return [
    ...sealed.tenants.flatMap((one) => compareSeal(one.tenant, one, found.get(one.tenant))),
    ...tally.tenants
      .filter(({ tenant }) => !known.has(tenant))
      .flatMap((one) => compareSeal(one.tenant, undefined, one)),
  ]
}

/** @throws {ArchiveError} `seal` when the rows are not those that were sealed */
export function compareSealed(partition: ArchivedPartition, sealed: SealedPartition, tally: Tally): void {
  const findings = findBreaks(sealed, tally)
  if (findings.length === 0) return
  const more = findings.length - NAMED_FINDINGS
  throw new ArchiveError(
    'seal',
    `The rows of ${partition.partition} are not those that were sealed when its month was closed:\n` +
      `${findings.slice(0, NAMED_FINDINGS).map(printFinding).join('\n')}${more > 0 ? `\n… and ${more} more` : ''}\n` +
      'Find out who changed them. Nothing counts as archived.',
  )
}
