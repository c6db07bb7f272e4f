import type { TenantContext } from '../context/context-statement.ts'
import { ConfigError } from '../errors/config.ts'
import type { CallRouting } from '../router/call-routing.ts'
import { runBatchOn, runTransaction } from '../router/run-routed.ts'
import { batchEvents } from '../telemetry.ts'
import type { Isolation } from '../transaction/begin.ts'
import { admitBatch, admitStatement, type CallerStatements } from '../wire/caller-statements.ts'
import { Deadline } from '../wire/deadline.ts'
import { observeWork } from '../wire/observe-work.ts'
import type { QueryResult } from '../wire/pg-internals.ts'
import type { BatchOptions } from '../wire/receipt.ts'
import { createReceipt, type Receipt } from '../wire/receipt.ts'
import type { StatementInput } from '../wire/statement.ts'
import type { TenantSource } from '../wire/tenant-source.ts'
import { explained } from './explained.ts'
import type { StatementRunner, TransactionRunner } from './statement-runner.ts'

/** What holds for every call of a handle. */
export interface CallRules {
  /** What ends a call that has not ended by itself. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  /** Finds the server, where there are several. */
  readonly routing?: CallRouting | undefined
  /** What the caller is told in place of an error of the server. */
  readonly explain?: ((error: unknown) => unknown) | undefined
}

/** The engine behind a tenant's handle: each call is one round trip that commits by itself, and holds nothing afterwards. */
export class TenantStatements implements StatementRunner {
  readonly #source: TenantSource
  readonly #context: TenantContext
  readonly #rules: CallRules

  constructor(source: TenantSource, context: TenantContext, rules: CallRules) {
    this.#source = source
    this.#context = context
    this.#rules = rules
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
    const { timeoutMs, signal, routing, explain } = this.#rules
    // The default values are one shared array: being that array, they were not asked for, and those of an enclosing
    // transaction are taken instead.
    const given = settings === this.#source.defaultSettings ? undefined : settings
    const request = { ...asked, tenant, settings: given, timeoutMs, signal }
    return explained(explain, () => runTransaction(this.#source, request, routing, callback))
  }

  #run(
    { statements, exclusive }: CallerStatements,
    receipt?: Receipt,
  ): Promise<readonly QueryResult<unknown>[]> {
    const { timeoutMs, signal, routing, explain } = this.#rules
    const batch = { context: this.#context, statements, explicit: exclusive, receipt, signal }
    const send = () =>
      observeWork(
        batchEvents,
        this.#context,
        () => statements.length,
        () => runBatchOn(this.#source, batch, routing, new Deadline(timeoutMs)),
      )
    return explain ? explained(explain, send) : send()
  }
}
