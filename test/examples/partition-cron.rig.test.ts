import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import clinic from '../../examples/partition-cron/leasehold.config.ts'
import { readinessServer } from '../../examples/partition-cron/readyz.ts'
import telemetry from '../../examples/partition-cron/telemetry.config.ts'
import { openTarget, type Target } from '../support/target.ts'

const FOLDER = join(import.meta.dirname, '../../examples/partition-cron')
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8')

it('examples/partition-cron: the schedule starts the task that is defined', () => {
  const task = JSON.parse(read('task-definition.json'))
  const schedule = JSON.parse(read('schedule.json'))
  expect(schedule.Target.EcsParameters.TaskDefinitionArn.split('/').at(-1)).toBe(task.family)
  const [container] = task.containerDefinitions
  expect(container.secrets.map(({ name }: { name: string }) => name)).toEqual([
    'LEASEHOLD_URL',
    'LEASEHOLD_ARCHIVER_URL',
  ])
})

describe.each([
  ['the clinics’', clinic.partitions, 'audit_log'],
  ['the Telemetry API’s', telemetry.partitions, 'events'],
] as const)('examples/partition-cron: /readyz of %s database', (_, partitions, table) => {
  const { partsSchema } = partitions
  let target: Target
  let server: Server
  let pool: pg.Pool

  beforeAll(async () => {
    target = await openTarget('pgbouncer 1.24', { poolSize: 2, template: 'empty' })
    await target.admin.query(`create schema ${partsSchema};
      create table ${table} (tenant_id uuid, at timestamptz not null) partition by range (at)`)
    pool = target.pool({ max: 2 })
    server = readinessServer(pool, partitions).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
  }, 60_000)

  afterAll(async () => {
    server?.close()
    await target?.close()
  })

  async function ask() {
    const { port } = server.address() as AddressInfo
    const response = await fetch(`http://127.0.0.1:${port}/readyz`)
    return { status: response.status, body: await response.json() }
  }

  it('is red without a month, and green once there are months enough, through a pooler as the application', async () => {
    expect(await ask()).toMatchObject({ status: 503, body: { ready: false } })
    await target.admin
      .query(`
      select format('create table ${partsSchema}.%I partition of ${table} for values from (%L) to (%L)', 'm' || n,
        date_trunc('month', now(), 'UTC') + n * interval '1 month', date_trunc('month', now(), 'UTC') + (n + 1) * interval '1 month')
      from generate_series(0, 3) as n`)
      .then(async ({ rows }) => {
        for (const { format } of rows) await target.admin.query(format)
      })
    expect(await ask()).toMatchObject({ status: 200, body: { ready: true, tables: [{ monthsAhead: 3 }] } })
  })
})
