import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Leasehold } from '../../src/index.ts'
import type { Router } from '../../src/router/index.ts'
import type { Rig } from '../../src/testing/rig/rig.ts'
import { checkGuarantees } from '../support/guarantees/check-guarantees.ts'
import type { Operation } from '../support/guarantees/history.ts'
import { fill, TENANT_A, TENANT_B } from '../support/notes.ts'
import { openFleet, startNotesRig } from './support/fleet.ts'
import { RandomLag } from './support/lag.ts'

const PAIRS = 10_000
const CONTROL_PAIRS = 1_500
const SESSIONS = 16
const SEED = 20_261_122

const COUNTERS = `
create table counters (
  tenant_id uuid not null default (nullif(current_setting('app.tenant_id', true), ''))::uuid,
  key text, version int not null, primary key (tenant_id, key)
);
alter table counters enable row level security;
create policy tenant on counters to app using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on counters to app;
`
const WRITE =
  'insert into counters (key, version) values ($1, 1) on conflict (tenant_id, key) do update set version = counters.version + 1 returning version'
const READ = 'select version from counters where key = $1'

describe('on two replicas that fall behind at random', () => {
  let rig: Rig
  let lag: RandomLag

  beforeAll(async () => {
    rig = await startNotesRig()
    await fill(rig.primary.adminUrl(), COUNTERS)
    lag = await RandomLag.start(rig, SEED)
  })
  afterAll(async () => {
    await lag.stop()
    await rig.stop()
  })

  /** Writes in one process and reads in another; nothing but the token goes from one to the other. */
  class Sessions {
    readonly history: Operation[] = []
    readonly #writer: Leasehold
    readonly #reader: Leasehold
    readonly #carriesToken: boolean

    constructor(writer: Leasehold, reader: Leasehold, carriesToken: boolean) {
      this.#writer = writer
      this.#reader = reader
      this.#carriesToken = carriesToken
    }

    async run(session: string, pairs: number): Promise<void> {
      const tenant = session.length % 2 ? TENANT_A : TENANT_B
      let token: string | undefined
      const onToken = (text: string) => {
        token = text
      }
      const who = { tenant, subject: session, ...(this.#carriesToken && { onToken }) }
      for (let pair = 0; pair < pairs; pair++) {
        await this.#record(session, 'write', () =>
          this.#writer.run({ ...who, method: 'POST', token }, () =>
            this.#writer.current().query(WRITE, [session]),
          ),
        )
        // Twice, so that what was read is owed to the next read too.
        for (let read = 0; read < 1 + (pair % 2); read++) {
          await this.#record(session, 'read', () =>
            this.#reader.run({ ...who, method: 'GET', token }, () =>
              this.#reader.current().query(READ, [session]),
            ),
          )
        }
      }
    }

    async #record(session: string, kind: Operation['kind'], work: () => Promise<{ rows: unknown[] }>) {
      const from = performance.now()
      const { rows } = await work()
      const { version = 0 } = (rows[0] ?? {}) as { version?: number }
      this.history.push({ session, kind, key: session, version, from, to: performance.now() })
    }
  }

  async function runPairs(name: string, pairs: number, carriesToken: boolean) {
    const writer = openFleet(rig)
    const reader = openFleet(rig)
    const sessions = new Sessions(writer.db, reader.db, carriesToken)
    const startedAt = performance.now()
    await Promise.all(
      Array.from({ length: SESSIONS }, (_, n) =>
        sessions.run(`${name} ${'x'.repeat(n)}`, Math.ceil(pairs / SESSIONS)),
      ),
    )
    const seconds = (performance.now() - startedAt) / 1_000
    await Promise.all([writer.db.close(), reader.db.close()])
    const violations = checkGuarantees(sessions.history)
    const writes = sessions.history.filter(({ kind }) => kind === 'write').length
    const { byReplicas, reads, reasons } = tally(reader.router)
    console.log(
      `${name}: ${writes} pairs in ${seconds.toFixed(1)} s, ${violations.length} stale reads; ${reads} reads, ` +
        `${((100 * byReplicas) / reads).toFixed(1)} % by replicas (${JSON.stringify(reasons)}); ${lag.pauses} pauses so far`,
    )
    return { violations, writes, share: byReplicas / reads }
  }

  function tally(router: Router) {
    const { reasons, routed: reads } = router.snapshot()
    return { byReplicas: (reasons.replica ?? 0) + (reasons.waited ?? 0), reads, reasons }
  }

  it('nobody misses a write of their own, and replicas serve most reads', { timeout: 180_000 }, async () => {
    const { violations, writes, share } = await runPairs('with tokens', PAIRS, true)
    expect(violations).toEqual([])
    expect(writes).toBeGreaterThanOrEqual(PAIRS)
    expect(share).toBeGreaterThanOrEqual(0.8)
  })

  it('they do without tokens', { timeout: 60_000 }, async () => {
    const { violations } = await runPairs('without tokens', CONTROL_PAIRS, false)
    expect(violations.length).toBeGreaterThan(10)
  })
})
