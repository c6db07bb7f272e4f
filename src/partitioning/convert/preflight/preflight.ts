import { behaviour } from './behaviour.ts'
import { boundByOid } from './bound-by-oid.ts'
import { constraints } from './constraints.ts'
import { kindOfTable } from './kind-of-table.ts'
import { keyOfTable, partitionKey } from './partition-key.ts'
import type { Finding, PreflightRule, Subject } from './refusal.ts'

const RULES: readonly PreflightRule[] = [
  kindOfTable,
  partitionKey,
  keyOfTable,
  constraints,
  boundByOid,
  behaviour,
]

/** Everything that stands in the way of a conversion and can be seen in the catalogs. */
export function preflight(subject: Subject): readonly Finding[] {
  return RULES.flatMap((rule) => rule(subject))
}
