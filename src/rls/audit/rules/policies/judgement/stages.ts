import type { Policy, PolicyCommand, PolicyPart, PolicyTable } from './policy-table.ts'

/** What policies decide for a command: which rows it sees, or what it may write. */
export interface Stage {
  readonly command: 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE'
  readonly side: PolicyPart['side']
  /** Joined by OR; without any, there are no rows. */
  readonly permissive: readonly StagePart[]
  /** Joined by AND, with each other and with the former. */
  readonly restrictive: readonly StagePart[]
}

export interface StagePart {
  readonly policy: Policy
  readonly part: PolicyPart
}

const STAGES: readonly (Pick<Stage, 'command' | 'side'> & { readonly letter: PolicyCommand })[] = [
  { command: 'SELECT', side: 'using', letter: 'r' },
  { command: 'INSERT', side: 'check', letter: 'a' },
  { command: 'UPDATE', side: 'using', letter: 'w' },
  { command: 'UPDATE', side: 'check', letter: 'w' },
  { command: 'DELETE', side: 'using', letter: 'd' },
]

const known = new WeakMap<PolicyTable, readonly Stage[]>()

/**
 * What the policies of a table say to the application, for every command that they let it do anything with.
 *
 * @see https://www.postgresql.org/docs/current/sql-createpolicy.html, "Policies Applied by Command Type" and "Application of
 *   Multiple Policies"
 */
export function stagesOf(table: PolicyTable): readonly Stage[] {
  const stages = known.get(table) ?? findStages(table)
  known.set(table, stages)
  return stages
}

function findStages({ policies }: PolicyTable): readonly Stage[] {
  const reaching = policies.filter(({ reachesApp }) => reachesApp)
  return STAGES.map(({ command, side, letter }) => {
    const all = reaching
      .filter((policy) => policy.command === '*' || policy.command === letter)
      .flatMap((policy): readonly StagePart[] => {
        const part = side === 'check' ? (policy.check ?? policy.using) : policy.using
        return part ? [{ policy, part }] : []
      })
    const permissive = all.filter(({ policy }) => policy.permissive)
    return { command, side, permissive, restrictive: all.filter(({ policy }) => !policy.permissive) }
  }).filter(({ permissive }) => permissive.length > 0)
}
