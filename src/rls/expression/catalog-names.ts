/** What `pg_proc` says of a function. */
export interface FunctionFacts {
  readonly schema: string
  readonly name: string
  /** With its schema and the types of its arguments, unquoted, to be shown. */
  readonly object: string
  /** As DDL names it, with argument types, quoted. */
  readonly signature: string
  readonly volatility: 'immutable' | 'stable' | 'volatile'
  /** Whether any NULL argument makes it answer NULL. */
  readonly strict: boolean
  readonly language: string
  readonly source: string
  /** `prosqlbody`, where the body was parsed when the function was made. */
  readonly body: string | null
}

/** What `pg_operator` says of an operator. */
export interface OperatorFacts {
  readonly schema: string
  readonly name: string
  readonly strict: boolean
  /** OID of the operator that answers the opposite; 0 for none. */
  readonly negator: number
}

/** What the OIDs in expressions stand for. */
export interface CatalogNames {
  function(oid: number): FunctionFacts | undefined
  operator(oid: number): OperatorFacts | undefined
}

/** The schema of what PostgreSQL itself defines. */
const SYSTEM = 'pg_catalog'

/** Whether a function or operator is PostgreSQL's own and has this name. */
export function isSystem(
  facts: FunctionFacts | OperatorFacts | undefined,
  ...names: readonly string[]
): boolean {
  return facts?.schema === SYSTEM && names.includes(facts.name)
}

/** Whether a function is not PostgreSQL's own. */
export function isUsers(facts: FunctionFacts | undefined): facts is FunctionFacts {
  return facts !== undefined && facts.schema !== SYSTEM
}
