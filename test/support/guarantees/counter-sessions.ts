import { setTimeout as sleep } from 'node:timers/promises'
import { type Leasehold, type TenantId, uuid } from '../../../src/index.ts'
import type { Operation } from './history.ts'

/** A counter for each key of a tenant, which a write raises by one, and whose version it so tells. */
export const COUNTERS_SCHEMA = `
create table counters (
  tenant_id uuid not null default (nullif(current_setting('app.tenant_id', true), ''))::uuid,
  key text, version int not null, primary key (tenant_id, key)
);
alter table counters enable row level security;
create policy tenant on counters to app using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on counters to app;
`
const WRITE =
  'insert into counters (key, version) values ($1, 1) on conflict (tenant_id, key) ' +
  'do update set version = counters.version + 1 returning tenant_id, version'
const READ = 'select tenant_id, version from counters where key = $1'
const TENANTS: readonly TenantId[] = [1, 2, 3, 4].map((n) => uuid(`00000000-0000-4000-8000-00000000000${n}`))
const PAUSE_MS = 25

/** How sessions go. */
export interface SessionsOptions {
  /** Two database objects, as of two processes: nothing but the token goes from one to the other. */
  readonly writer: Leasehold
  readonly reader: Leasehold
  /** Without it the sessions have no guarantee: the control. */
  readonly carriesToken: boolean
  /** What became of a call that failed; without it the session fails. */
  readonly onFailure?: (kind: Operation['kind'], error: unknown) => void
}

/** One session, and what it can say of its counter, which nobody else writes. */
export interface CounterSession {
  readonly tenant: TenantId
  readonly key: string
  /** Writes that were reported committed, the highest version of theirs, and writes of which nobody knows. */
  committed: number
  highest: number
  unknown: number
}

interface Row {
  readonly tenant_id: string
  readonly version: number
}

/** Sessions of several tenants that write and read back, and keep a history of it. */
export class CounterSessions {
  readonly history: Operation[] = []
  readonly sessions: CounterSession[] = []
  /** Rows of another tenant that were shown. */
  foreignRows = 0
  readonly #options: SessionsOptions

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  /** Runs so many sessions at once, each with so many pairs of a write and one or two reads. */
  async run(name: string, sessions: number, pairs: number): Promise<void> {
    await Promise.all(
      Array.from({ length: sessions }, (_, n) => {
        // Every tenant has the same keys: what is let through by mistake is seen.
        const key = `${name} ${Math.floor(n / TENANTS.length)}`
        const tenant = TENANTS[n % TENANTS.length] as TenantId
        const session = { tenant, key, committed: 0, highest: 0, unknown: 0 }
        this.sessions.push(session)
        return this.#run(session, pairs)
      }),
    )
  }

  async #run(session: CounterSession, pairs: number): Promise<void> {
    const { writer, reader, carriesToken } = this.#options
    const { tenant, key } = session
    let token: string | undefined
    const onToken = (text: string) => {
      token = text
    }
    const who = { tenant, subject: key, ...(carriesToken && { onToken }) }
    for (let pair = 0; pair < pairs; pair++) {
      await this.#record(session, 'write', () =>
        writer.run({ ...who, method: 'POST', token }, () => writer.current().query<Row>(WRITE, [key])),
      )
      // Twice, so that what was read is owed to the next read too.
      for (let read = 0; read < 1 + (pair % 2); read++) {
        await this.#record(session, 'read', () =>
          reader.run({ ...who, method: 'GET', token }, () => reader.current().query<Row>(READ, [key])),
        )
      }
    }
  }

  async #record(
    session: CounterSession,
    kind: Operation['kind'],
    work: () => Promise<{ readonly rows: readonly Row[] }>,
  ): Promise<void> {
    const { tenant, key } = session
    const from = performance.now()
    try {
      const { rows } = await work()
      const to = performance.now()
      this.foreignRows += rows.filter((row) => row.tenant_id !== tenant).length
      const version = rows.find((row) => row.tenant_id === tenant)?.version ?? 0
      this.history.push({ session: `${tenant} ${key}`, kind, key, version, from, to })
      if (kind === 'write') {
        session.committed += 1
        session.highest = Math.max(session.highest, version)
      }
    } catch (error) {
      if (!this.#options.onFailure) throw error
      if ((error as { code?: string }).code === 'LSH_ERR_COMMIT_UNKNOWN') session.unknown += 1
      this.#options.onFailure(kind, error)
      await sleep(PAUSE_MS)
    }
  }
}
