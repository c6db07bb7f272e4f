/** A database of pgbouncer that leads to the one under audit. */
export interface PooledDatabase {
  /** Its name at the pooler. */
  readonly name: string
  /** Undefined where the pooler's own holds. */
  readonly poolMode: string | undefined
  /** Whom every client becomes at the server, whoever it logs in as. */
  readonly forcedUser: string | undefined
}

/** What pgbouncer's console says. */
export interface PoolerFacts {
  /** Such as `1.24.1`; undefined when the console is none of pgbouncer's. */
  readonly version: string | undefined
  /** `SHOW CONFIG`. A setting that this version does not know is missing. */
  readonly config: ReadonlyMap<string, string>
  readonly databases: readonly PooledDatabase[]
  /** The pool mode that holds for the application's role, whatever the database's is. */
  readonly userPoolMode: string | undefined
}

/** Whether a version is at or above another; both are numbers with dots. */
export function isAtLeast(version: string, least: string): boolean {
  const wanted = least.split('.').map(Number)
  const numbers = version.split('.').map(Number)
  for (const [index, number] of wanted.entries()) {
    const difference = (numbers[index] ?? 0) - number
    if (difference !== 0) return difference > 0
  }
  return true
}

/** The names in a setting that is a list. */
export function listOf(facts: PoolerFacts, setting: string): readonly string[] {
  return (facts.config.get(setting) ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
}
