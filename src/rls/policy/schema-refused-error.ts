import { LeaseholdError } from '../../errors/leasehold-error.ts'

/** What keeps a table from being made right without its owner's word. */
export interface PolicyProblem {
  /** `schema.name`, unquoted, or the name of a role, a schema or the database. */
  readonly object: string
  /** What is the matter, in a sentence. */
  readonly message: string
  /** What to do, in a sentence. */
  readonly fix: string
}

/** A schema cannot be made right as it is. Nothing was changed; the message lists everything that stands in the way. */
export class SchemaRefusedError extends LeaseholdError {
  readonly code = 'LSH_ERR_SCHEMA_REFUSED'
  readonly retryable = false
  readonly problems: readonly PolicyProblem[]

  constructor(problems: readonly PolicyProblem[]) {
    const lines = problems.map(({ object, message, fix }) => `- ${object}: ${message} ${fix}`)
    super(`The schema cannot be made right as it is, and nothing was changed:\n${lines.join('\n')}`)
    this.problems = problems
  }
}
