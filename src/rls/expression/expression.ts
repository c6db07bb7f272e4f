/** An expression of a policy or a function's body, with all names resolved to OIDs. */
export type Expression =
  | Constant
  | Column
  | Call
  | Operation
  | Cast
  | Logic
  | NullTest
  | BooleanTest
  | Case
  | Coalesce
  | Membership
  | CurrentUser
  | Subquery
  | Query
  | Other

export interface Constant {
  readonly kind: 'constant'
  readonly type: number
  /** Its text; `null` for NULL, `undefined` for a value of a type that is not read. */
  readonly value: string | null | undefined
}

/** A column, by its number in `pg_attribute`; 0 is the whole row. */
export interface Column {
  readonly kind: 'column'
  readonly number: number
  /** How many queries further out the row is; that of a policy is as far out as there are queries around. */
  readonly level: number
  readonly type: number
}

export interface Call {
  readonly kind: 'call'
  readonly function: number
  readonly type: number
  readonly args: readonly Expression[]
}

export interface Operation {
  readonly kind: 'operation'
  /** `a op b`, `a IS DISTINCT FROM b` or `NULLIF(a, b)`, the last two by the operator `=`. */
  readonly form: 'operator' | 'distinct' | 'nullif'
  readonly operator: number
  readonly args: readonly Expression[]
}

export interface Cast {
  readonly kind: 'cast'
  readonly type: number
  readonly arg: Expression
  /** `relabel` leaves the bytes as they are, so that an index on what is cast still serves. */
  readonly by: 'relabel' | 'text' | 'domain'
}

export interface Logic {
  readonly kind: 'and' | 'or' | 'not'
  readonly args: readonly Expression[]
}

export interface NullTest {
  readonly kind: 'null-test'
  readonly arg: Expression
  readonly isNull: boolean
}

export interface BooleanTest {
  readonly kind: 'boolean-test'
  readonly arg: Expression
  /** `t`, `f` or NULL. */
  readonly is: 't' | 'f' | null
  readonly negated: boolean
}

export interface Case {
  readonly kind: 'case'
  /** What the conditions are compared with, in `CASE arg WHEN`. */
  readonly arg: Expression | undefined
  readonly whens: readonly { readonly condition: Expression; readonly result: Expression }[]
  readonly otherwise: Expression
}

export interface Coalesce {
  readonly kind: 'coalesce'
  readonly args: readonly Expression[]
}

/** `a op ANY (array)` or, when not `some`, `a op ALL (array)`. */
export interface Membership {
  readonly kind: 'membership'
  readonly operator: number
  readonly some: boolean
  readonly arg: Expression
  /** Of `ARRAY[...]`; `undefined` for any other array. */
  readonly elements: readonly Expression[] | undefined
  readonly array: Expression
}

/** `current_user` and `user`, or `session_user`. */
export interface CurrentUser {
  readonly kind: 'current-user'
  readonly session: boolean
}

export interface Subquery {
  readonly kind: 'subquery'
  readonly link: 'exists' | 'scalar' | 'other'
  /** `a = ` in `a IN (select ...)`. */
  readonly test: Expression | undefined
  readonly query: Query
}

export interface Query {
  readonly kind: 'query'
  /** OIDs of the tables and views that it names itself. */
  readonly relations: readonly number[]
  /** `select target where condition` and nothing else, so that it has at most one row. */
  readonly bare:
    | { readonly target: Expression | undefined; readonly condition: Expression | undefined }
    | undefined
  readonly args: readonly Expression[]
}

/** What need not be told apart. */
export interface Other {
  readonly kind: 'other'
  readonly node: string
  readonly args: readonly Expression[]
}
