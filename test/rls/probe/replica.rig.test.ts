import pg from 'pg'
import { expect, inject, it } from 'vitest'
import { runProbe } from '../../../src/rls/probe/run-probe.ts'
import { waitUntil } from '../../../src/testing/rig/wait-until.ts'
import { leaks, OPTIONS, ProbeDatabase } from './support/probe-database.ts'

const REPLAY_TIMEOUT_MS = 10_000

it('reads only on a replica, and says so', async () => {
  await using database = await ProbeDatabase.open(`
    create view names as select tenant_id, name from patients; create view total as select count(*) from patients;
    create function everybody() returns setof patients language sql stable security definer as 'select * from patients';
    alter table visits disable row level security; grant all on visits, names, total to app`)
  const [{ lsn } = { lsn: '' }] = await database.run<{ lsn: string }>(
    'select pg_current_wal_lsn()::text as lsn',
  )
  const standby = inject('rig').standbys[0]
  if (!standby) throw new Error('The rig has no standby.')
  const { database: name } = database.target.poolOptions()
  const login = { ...standby, database: name, user: 'app' } as pg.ClientConfig
  await waitUntil(() => hasReplayed(login, lsn), {
    timeoutMs: REPLAY_TIMEOUT_MS,
    onTimeout: () => new Error(`The standby did not replay ${lsn} within ${REPLAY_TIMEOUT_MS} ms.`),
  })
  const app = new pg.Client(login)
  await app.connect()
  const asked: string[] = []
  const findings = await runProbe(
    {
      app: {
        query: (text, values) => {
          asked.push(text)
          return app.query(text, values as unknown[])
        },
      },
    },
    OPTIONS,
  )
  await app.end()
  expect(leaks(findings)).toEqual([
    'probe-function public.everybody',
    'probe-hidden-tenant public.total',
    'probe-read public.names',
    'probe-read public.visits',
  ])
  expect(findings.filter(({ severity }) => severity === 'info')).toMatchObject([
    {
      rule: 'probe-session',
      message: expect.stringContaining('The server is a replica: only reads were probed'),
    },
  ])
  expect(
    asked.filter((text) => /\b(?:insert into|update|delete from|merge|for update)\b/.test(text)),
  ).toEqual([])
})

async function hasReplayed(login: pg.ClientConfig, lsn: string): Promise<boolean> {
  const client = new pg.Client({ ...login, user: 'postgres', database: 'postgres' })
  await client.connect()
  const { rows } = await client.query<{ replayed: boolean }>(
    'select pg_last_wal_replay_lsn() >= $1::pg_lsn as replayed',
    [lsn],
  )
  await client.end()
  return rows[0]?.replayed === true
}
