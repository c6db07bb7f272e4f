import type { Finding, PreflightRule } from './refusal.ts'

/** What a table is that cannot become a partition. */
export const kindOfTable: PreflightRule = ({ conversion: { object }, shape }) => {
  const findings: Finding[] = []
  const add = (holds: boolean, reason: string, message: string, fix: string) => {
    if (holds) findings.push({ reason, message: `${object} ${message}`, fix })
  }
  add(
    shape.kind !== 'r',
    'not-a-table',
    'is not a plain table.',
    'Name a plain table, or leave it out of the set.',
  )
  add(
    shape.isPartition,
    'is-partition',
    'is a partition of another table.',
    'Define the table at the top instead.',
  )
  add(
    shape.persistence === 'u',
    'unlogged',
    'is unlogged: replicas do not have it, and a crash empties it.',
    `Make it permanent first: ALTER TABLE ${object} SET LOGGED; it rewrites the table.`,
  )
  add(shape.persistence === 't', 'temporary', 'is a temporary table.', 'Leave it out of the set.')
  add(
    shape.isTyped,
    'typed-table',
    'is made of a composite type, and no partition can be.',
    `ALTER TABLE ${object} NOT OF; then convert.`,
  )
  add(
    shape.accessMethod !== null && shape.accessMethod !== 'heap' && shape.kind === 'r',
    'access-method',
    `is stored by the access method ${shape.accessMethod}.`,
    `ALTER TABLE ${object} SET ACCESS METHOD heap; it rewrites the table.`,
  )
  for (const kin of shape.surroundings.kin) {
    add(
      true,
      'inheritance',
      `inherits from or is inherited by ${kin}.`,
      `End the inheritance with ${kin} first (ALTER TABLE … NO INHERIT …).`,
    )
  }
  return findings
}
