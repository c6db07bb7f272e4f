import type { CatalogNames } from '../../../../expression/catalog-names.ts'
import type { ClosedCall } from '../../../../expression/closed-calls.ts'
import type { Call } from '../../../../expression/expression.ts'
import { always, FAILS, type Possible, union } from '../../../../expression/possible.ts'
import { TYPE } from '../../../../expression/read-constant.ts'
import { quoteName, quoteText } from '../../../../sql/quote.ts'
import type { AuditSubject } from '../../../audit-subject.ts'
import { type Context, type ProbeTenants, settingIn } from './contexts.ts'
import type { PolicyPart, TenantTable } from './policy-table.ts'
import { type Trial, type TrialSession, tryAsApp } from './try-as-app.ts'

/** All trials of an audit together take no longer than one trial more than this. */
const TRIALS_MS = 2_000

const SESSION = `select given.app_role as role, coalesce(
  (select substr(item, 13) from app_role, unnest(app_role.rolconfig) as item
    where app_role.is_login and item like 'search_path=%'),
  (select reset_val from pg_settings where name = 'search_path')) as "searchPath"
from given`

/** Runs functions and policies as the application would, and remembers what came of it. */
export class Trials {
  readonly #subject: AuditSubject
  readonly #session: TrialSession
  readonly #answers = new Map<string, Possible>()
  readonly #failures = new Map<string, string>()
  readonly #untried = new Set<string>()
  readonly #deadline = performance.now() + TRIALS_MS

  static async open(subject: AuditSubject): Promise<Trials> {
    const [session] = await subject.rows<TrialSession>(SESSION)
    return new Trials(subject, session ?? { role: subject.options.appRole, searchPath: 'pg_catalog' })
  }

  private constructor(subject: AuditSubject, session: TrialSession) {
    this.#subject = subject
    this.#session = session
  }

  /** What could not be tried: functions, by their signatures, and tables with their policies. */
  get untried(): ReadonlySet<string> {
    return this.#untried
  }

  /** What a call answers, as far as it was tried. */
  answerOf(call: Call, context: Context, tenants: ProbeTenants): Possible {
    return this.#answers.get(callKey(call, context, tenants))
  }

  /** The SQLSTATE with which a call failed when it was tried. */
  failureOf(call: Call, context: Context, tenants: ProbeTenants): string | undefined {
    return this.#failures.get(callKey(call, context, tenants))
  }

  /** Calls a function in a context. */
  async tryCall(
    call: ClosedCall,
    names: CatalogNames,
    context: Context,
    tenants: ProbeTenants,
  ): Promise<void> {
    const key = callKey(call, context, tenants)
    const facts = names.function(call.function)
    if (!facts || this.#answers.has(key)) return
    const args = call.args.map(({ value }) => (value == null ? 'null' : quoteText(value)))
    const query = `select (${quoteName(facts.schema)}.${quoteName(facts.name)}(${args.join(', ')}))::pg_catalog.text`
    const trial = await this.#try(query, context, tenants)
    this.#answers.set(key, this.#note(trial, facts.object, call.type))
    if (trial && 'sqlstate' in trial) this.#failures.set(key, trial.sqlstate)
  }

  /**
   * Evaluates a condition for a row of a foreign tenant whose other columns are NULL.
   *
   * The row is made by `jsonb_populate_record`, so that it has the type of the table, which functions may ask for.
   */
  async tryPart(
    table: TenantTable,
    part: PolicyPart,
    context: Context,
    tenants: ProbeTenants,
  ): Promise<Possible> {
    const answers: Possible[] = []
    for (const tenant of tenants.foreign) {
      const row = quoteText(JSON.stringify({ [table.tenant.name]: tenant }))
      const query = `select (${part.text})::pg_catalog.text from pg_catalog.jsonb_populate_record(
        null::${table.ident}, ${row}::pg_catalog.jsonb) as ${quoteName(table.name)}`
      const trial = await this.#try(query, context, tenants)
      answers.push(this.#note(trial, table.object, TYPE.boolean))
    }
    return union(answers)
  }

  async #try(query: string, context: Context, tenants: ProbeTenants): Promise<Trial> {
    if (performance.now() > this.#deadline) return undefined
    const value = settingIn(context, tenants)
    const settings = value === null ? {} : { [this.#subject.options.tenantSetting]: value }
    return await tryAsApp(this.#subject.client, this.#session, query, settings)
  }

  #note(trial: Trial, what: string, type: number): Possible {
    if (trial === undefined) {
      this.#untried.add(what)
      return undefined
    }
    if ('sqlstate' in trial) return always(FAILS)
    // As text a boolean is a word; as a value it is a letter.
    return always(type === TYPE.boolean ? (trial.value?.charAt(0) ?? null) : trial.value)
  }
}

function callKey(call: Call, context: Context, { own }: ProbeTenants): string {
  const args = call.args.map((arg) => (arg.kind === 'constant' ? arg.value : undefined))
  return JSON.stringify([call.function, args, context, own])
}
