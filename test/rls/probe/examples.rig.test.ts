import { afterAll, beforeAll, expect, it } from 'vitest'
import { runProbe } from '../../../src/rls/probe/run-probe.ts'
import { connect, type SmallClinics, startSmallClinics } from '../../examples/small-clinics.ts'
import { leaks, OPTIONS } from './support/probe-database.ts'

let resources: AsyncDisposableStack
let clinics: SmallClinics

beforeAll(async () => {
  resources = new AsyncDisposableStack()
  clinics = await startSmallClinics(resources)
})
afterAll(() => resources?.disposeAsync())

/** Over a connection of its own, with the tenants that are found. */
async function probe() {
  const app = await connect(clinics.primary.url({ user: 'app', database: 'postgres' }), resources)
  return runProbe({ app, admin: clinics.admin }, { ...OPTIONS, tenants: undefined })
}

it('has nothing to say about the schema of the examples', async () => {
  expect(await probe()).toEqual([])
})

it.each([
  [
    'alter table patients no force row level security; alter table patients owner to app',
    'probe-write public.patients',
  ],
  [
    'grant usage on schema audit_log_months to app; grant select on audit_log_months."audit_log_2026_03" to app; alter table audit_log_months."audit_log_2026_03" disable row level security',
    'probe-read audit_log_months.audit_log_2026_03',
  ],
  ['create unique index on patients (chart_number, id)', 'probe-conflict public.patients'],
  [
    'create policy front_desk on appointments to app using (true); drop policy tenant_floor on appointments',
    'probe-read public.appointments',
  ],
])('finds what is planted in it: %s', async (sql, found) => {
  await clinics.admin.query(sql)
  expect(leaks(await probe())).toContain(found)
})
