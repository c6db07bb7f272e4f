import type { TenantContext } from '../context/context-statement.ts'
import { ConfigError } from '../errors/config.ts'
import { batchEvents } from '../telemetry.ts'
import type { Isolation } from '../transaction/begin.ts'
import { withTenant } from '../transaction/with-tenant.ts'
import { admitBatch, admitStatement, type CallerStatements } from '../wire/caller-statements.ts'
import { Deadline } from '../wire/deadline.ts'
import { observeWork } from '../wire/observe-work.ts'
import type { QueryResult } from '../wire/pg-internals.ts'
import type { BatchOptions } from '../wire/receipt.ts'
import { createReceipt, type Receipt } from '../wire/receipt.ts'
import type { StatementInput } from '../wire/statement.ts'
import { runTenantBatch } from '../wire/tenant-batch.ts'
import type { TenantSource } from '../wire/tenant-source.ts'
import type { StatementRunner, TransactionRunner } from './statement-runner.ts'

/** What ends a call that has not ended by itself. */
export interface CallLimits {
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/** The engine behind a tenant's handle: each call is one round trip that commits by itself, and holds nothing afterwards. */
export class TenantStatements implements StatementRunner {
  readonly #source: TenantSource
  readonly #context: TenantContext
  readonly #timeoutMs: number
  readonly #signal: AbortSignal | undefined

  constructor(source: TenantSource, context: TenantContext, { timeoutMs, signal }: CallLimits) {
    this.#source = source
    this.#context = context
    this.#timeoutMs = timeoutMs
    this.#signal = signal
  }

  get readOnly(): boolean {
    return this.#context.readOnly
  }

  async query<Row>(
    statement: string | StatementInput,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>> {
    const [result] = await this.#run(admitStatement(statement, values))
    return result as QueryResult<Row>
  }

  async batch(
    statements: readonly (string | StatementInput)[],
    options: BatchOptions = {},
  ): Promise<readonly QueryResult[]> {
    const receipt = options.receipt === undefined ? undefined : createReceipt(options.receipt)
    if (receipt && this.readOnly) {
      throw new ConfigError('options.receipt is for writes, and the handle is read only.')
    }
    return (await this.#run(admitBatch(statements), receipt)) as readonly QueryResult[]
  }

  /** Opens a transaction of the same tenant, or joins the one around the caller, exactly as `withTenant` does. */
  transaction<T>(
    asked: { readonly isolation: Isolation | undefined; readonly readOnly: boolean },
    callback: (runner: TransactionRunner) => Promise<T> | T,
  ): Promise<T> {
    const { tenant, settings } = this.#context
    // The default values are one shared array: being that array, they were not asked for, and those of an enclosing
    // transaction are taken instead.
    const given = settings === this.#source.defaultSettings ? undefined : settings
    const request = { ...asked, tenant, settings: given, timeoutMs: this.#timeoutMs, signal: this.#signal }
    return withTenant(this.#source, request, callback)
  }

  #run(
    { statements, exclusive }: CallerStatements,
    receipt?: Receipt,
  ): Promise<readonly QueryResult<unknown>[]> {
    const batch = { context: this.#context, statements, explicit: exclusive, receipt, signal: this.#signal }
    return observeWork(
      batchEvents,
      this.#context,
      () => statements.length,
      () => runTenantBatch(this.#source, batch, new Deadline(this.#timeoutMs)),
    )
  }
}
