import type { Leasehold, TenantId } from '../../../src/index.ts'
import type { Operation } from './history.ts'

/** A counter for each session, which is written by one statement and tells its version by itself. */
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
  'insert into counters (key, version) values ($1, 1) ' +
  'on conflict (tenant_id, key) do update set version = counters.version + 1 returning version'
const READ = 'select version from counters where key = $1'

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

/** Sessions that write and read back, and keep a history of it. */
export class CounterSessions {
  readonly history: Operation[] = []
  readonly #options: SessionsOptions

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  /** Writes, and reads once or twice, so that what was read is owed to the next read too; so many times. */
  async run(tenant: TenantId, session: string, pairs: number): Promise<void> {
    const { writer, reader, carriesToken } = this.#options
    let token: string | undefined
    const onToken = (text: string) => {
      token = text
    }
    const who = { tenant, subject: session, ...(carriesToken && { onToken }) }
    for (let pair = 0; pair < pairs; pair++) {
      await this.#record(session, 'write', () =>
        writer.run({ ...who, method: 'POST', token }, () => writer.current().query(WRITE, [session])),
      )
      for (let read = 0; read < 1 + (pair % 2); read++) {
        await this.#record(session, 'read', () =>
          reader.run({ ...who, method: 'GET', token }, () => reader.current().query(READ, [session])),
        )
      }
    }
  }

  async #record(session: string, kind: Operation['kind'], work: () => Promise<{ readonly rows: unknown[] }>) {
    const from = performance.now()
    try {
      const { rows } = await work()
      const { version = 0 } = (rows[0] ?? {}) as { version?: number }
      this.history.push({ session, kind, key: session, version, from, to: performance.now() })
    } catch (error) {
      if (!this.#options.onFailure) throw error
      this.#options.onFailure(kind, error)
    }
  }
}
