import type { LockMode } from '../../rls/policy/policy-statement.ts'

/** What a step belongs to, in the order of a run. Those from `convert` on are asked for by name. */
export type Phase =
  | 'prepare'
  | 'reconcile'
  | 'premake'
  | 'retire'
  | 'archive'
  | 'drop'
  | 'analyze'
  | 'convert'
  | 'unconvert'
  | 'adopt'
  | 'restore'
  | 'hold'

/** A lock that a step is known to take on a table, the strongest it takes there. */
export interface ExpectedLock {
  /** `schema.name`, unquoted; a table that the step itself makes is not named. */
  readonly table: string
  readonly mode: LockMode | 'ACCESS SHARE' | 'ROW EXCLUSIVE'
}

/** One step of a plan, which stands or falls as one. */
export interface PartitionStep {
  /** Stable while nothing has changed: `premake/public.audit_log/2027-01/attach`. */
  readonly id: string
  readonly phase: Phase
  /** The partitioned table, `schema.name`, unquoted. */
  readonly table: string
  /** The partition's name, without a schema. */
  readonly partition: string | undefined
  /** Why it is done, in a sentence. */
  readonly purpose: string
  /**
   * - `transaction`: the statements in one transaction, under `set local lock_timeout`, tried again within the budget
   * - `statement`: one statement that PostgreSQL takes only outside of a transaction, such as DETACH CONCURRENTLY
   * - `gate`: waits until the replicas have no reader that the next step would cancel, or defers the rest of this partition
   * - `archive`: writes rows to a sink, reads them back, compares, and notes the receipt
   */
  readonly kind: 'transaction' | 'statement' | 'gate' | 'archive'
  /** Single statements, each ended by a semicolon; exactly what is sent. Ledger writes are among them. */
  readonly statements: readonly string[]
  readonly locks: readonly ExpectedLock[]
  /** Milliseconds that one try may wait for a lock. */
  readonly lockTimeoutMs: number
  /** A failed step skips those behind it with the same `chain`, and nothing else. */
  readonly chain: string
  /** What takes the step back, where one statement can. */
  readonly undo?: string
  /** The partition that a `gate` asks the replicas about, and that an `archive` reads; as it will be by then. */
  readonly relation?: StepRelation
}

/** A partition, by what a step needs to find it and to name its rows. */
export interface StepRelation {
  readonly oid: number
  readonly schema: string
  readonly name: string
  /** Bounds in microseconds of the Unix epoch, the upper one exclusive; `undefined` for one that is open on that side, or not known. */
  readonly lowUs: bigint | undefined
  readonly highUs: bigint | undefined
  /** The column that the table is partitioned by. */
  readonly key: string
}

/** What a run does, in its order, or why it does not. */
export interface PartitionPlan {
  readonly steps: readonly PartitionStep[]
  /** What a person has to decide first; the steps of other tables and months stand. */
  readonly refusals: readonly PlanRefusal[]
}

export interface PlanRefusal {
  readonly table: string
  readonly partition: string | undefined
  /** Such as `key-not-in-primary-key`. */
  readonly reason: string
  readonly message: string
  readonly fix: string
}
