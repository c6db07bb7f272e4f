import type { TenantContext } from '../context/context-statement.ts'
import type { CommitEvidence, CommitResolver } from '../errors/outcome.ts'
import { EVIDENCE, readEvidence } from '../wire/commit-evidence.ts'
import type { LeasedConnection } from '../wire/leased-connection.ts'
import type { QueryResult } from '../wire/pg-internals.ts'
import { type Receipt, receiptStatement } from '../wire/receipt.ts'
import { resolveByEvidence } from '../wire/resolve-commit.ts'
import { resolveByReceipt } from '../wire/resolve-receipt.ts'
import type { WireStatement } from '../wire/statement.ts'
import type { TenantSource } from '../wire/tenant-source.ts'

/** What one transaction leaves behind, so that it can be told later whether it was committed. */
export class CommitTrail {
  readonly #source: TenantSource
  readonly #context: TenantContext
  readonly #receipt: Receipt | undefined
  #evidence: CommitEvidence | undefined
  #isRequired = false

  constructor(source: TenantSource, context: TenantContext, receipt: Receipt | undefined) {
    this.#source = source
    this.#context = context
    this.#receipt = receipt
  }

  /** Whether the transaction is to be opened even where its callback sends nothing. */
  get hasReceipt(): boolean {
    return this.#receipt !== undefined
  }

  /** What was learned of the transaction's id. */
  get evidence(): CommitEvidence | undefined {
    return this.#evidence
  }

  /** From now on the id is asked for also where a receipt tells the outcome. */
  requireEvidence(): void {
    this.#isRequired = true
  }

  /** What goes in front of everything of the caller. */
  opening(): readonly WireStatement[] {
    return this.#receipt ? [receiptStatement(this.#receipt)] : []
  }

  /** What goes behind the statements of a segment until the transaction has an id, which it keeps to its end. */
  asking(connection: LeasedConnection | undefined): readonly WireStatement[] {
    if (this.#context.readOnly || this.#evidence || (this.#receipt && !this.#isRequired)) return []
    return connection?.mayReadEvidence ? [EVIDENCE] : []
  }

  /** @param answer what came to {@link asking}, if anything did */
  read(answer: QueryResult<unknown> | undefined): void {
    this.#evidence ??= readEvidence(answer)
  }

  resolver(): CommitResolver {
    if (this.#receipt) return resolveByReceipt(this.#source, this.#context, this.#receipt)
    return resolveByEvidence(this.#source, this.#context.tenant, this.#evidence)
  }
}
