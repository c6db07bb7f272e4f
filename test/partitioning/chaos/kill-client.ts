import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { PartitionStep } from '../../../src/partitioning/plan/step.ts'
import type { CatalogClient } from '../../../src/rls/catalog/catalog-client.ts'
import type { EventsDatabase } from '../run/support/events-database.ts'
import type { KillPoint } from './kill-point.ts'

type Session = pg.Client & {
  readonly processID: number
  readonly connection: { readonly stream: { destroy(): void } }
}

const MOST_MS = 10_000
/** Long enough to be killed in, short enough not to be waited for where it was not. */
const PAUSE = 'select pg_catalog.pg_sleep(8);'

/** A job's client that is killed at a point. Which statement is under way is told by its text, exactly as the plan has it. */
export class KillClient implements CatalogClient {
  readonly processID: number
  readonly #session: Session
  readonly #database: EventsDatabase
  readonly #point: KillPoint
  readonly #step: PartitionStep
  /** Whether the point was reached. */
  killed = false

  constructor(session: pg.Client, database: EventsDatabase, point: KillPoint, step: PartitionStep) {
    this.#session = session as Session
    this.processID = this.#session.processID
    this.#database = database
    this.#point = point
    this.#step = step
  }

  async query(text: string, values?: readonly unknown[]): Promise<{ readonly rows: readonly unknown[] }> {
    if (this.killed || !this.#isPoint(text)) return this.#send(text, values)
    this.killed = true
    const { place, way } = this.#point
    if (place === 'before') {
      // Nothing runs that a cancel could end.
      await this.#kill(way === 'cancel' ? 'terminate' : way)
      return this.#send(text, values)
    }
    return this.#step.kind === 'statement' ? this.#killAlone(text) : this.#killTransaction(text)
  }

  #send(text: string, values?: readonly unknown[]): Promise<{ readonly rows: readonly unknown[] }> {
    return this.#session.query(text, values as unknown[] | undefined)
  }

  #isPoint(text: string): boolean {
    const [first = ''] = this.#step.statements
    return this.#step.kind === 'statement'
      ? text === first
      : text.startsWith('begin;') && text.includes(first)
  }

  /** Puts a pause behind a statement of the transaction, or behind its COMMIT. */
  async #killTransaction(text: string): Promise<{ readonly rows: readonly unknown[] }> {
    const { place, statement, way } = this.#point
    const before = this.#step.statements.slice(statement).join('\n')
    const end = `${before === '' ? '' : `${before}\n`}commit;`
    if (!text.endsWith(end)) throw new Error('the text of the step is not made of its statements')
    const paused = place === 'after' ? `${text}\n${PAUSE}` : `${text.slice(0, -end.length)}${PAUSE}\n${end}`
    const answer = this.#send(paused)
    answer.catch(() => {})
    await this.#underWay("wait_event = 'PgSleep'")
    await this.#kill(way)
    return answer
  }

  /** Keeps a lone statement waiting for a reader; what nobody can keep waiting may be done by the time it is killed. */
  async #killAlone(text: string): Promise<{ readonly rows: readonly unknown[] }> {
    const { place, way, held } = this.#point
    if (place === 'after') {
      await this.#send(text)
      await this.#kill(way === 'cancel' ? 'terminate' : way)
      return { rows: [] }
    }
    const reader = await this.#database.connect('postgres')
    const { rows } = await reader.query<{ name: string }>(
      'select format($1, nspname, relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where relname = $2 and relkind in ($3, $4)',
      ['%I.%I', held === 'table' ? 'events' : this.#step.partition, 'r', 'p'],
    )
    await reader.query(`begin; lock table only ${rows[0]?.name ?? 'public.events'} in access share mode`)
    const answer = this.#send(text)
    answer.catch(() => {})
    await this.#underWay("wait_event_type = 'Lock'", 300)
    await this.#kill(way)
    const result = await answer.catch((error: unknown) => ({ error }))
    await reader.end()
    if ('error' in result) throw result.error
    return result
  }

  async #underWay(condition: string, mostMs: number = MOST_MS): Promise<void> {
    const { admin } = this.#database
    for (let waitedMs = 0; waitedMs < mostMs; waitedMs += 2) {
      const { rows } = await admin.query(`select from pg_stat_activity where pid = $1 and ${condition}`, [
        this.processID,
      ])
      if (rows.length > 0) return
      await sleep(2)
    }
    if (mostMs === MOST_MS) throw new Error(`the step ${this.#step.id} did not come to ${condition}`)
  }

  async #kill(way: KillPoint['way']): Promise<void> {
    if (way === 'socket') {
      this.#session.connection.stream.destroy()
      return
    }
    const kill = way === 'cancel' ? 'pg_cancel_backend($1)' : 'pg_terminate_backend($1, 5000)'
    await this.#database.admin.query(`select ${kill}`, [this.processID])
  }
}
