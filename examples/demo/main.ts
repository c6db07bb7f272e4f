import { startRig } from 'leasehold/testing'
import { Client } from 'pg'
import { compare } from './compare.ts'
import { type DataSize, planClinics } from './data/clinics.ts'
import { createSchema, loadData } from './data/load.ts'
import { type DemoOptions, parseOptions } from './options.ts'
import { startPooler } from './pooler.ts'
import { showProgress } from './progress.ts'
import { type Run, withResources } from './resources.ts'
import { formatTable } from './table.ts'
import { readTargets } from './targets.ts'
import { findFaults, toJson } from './verdict.ts'

const SIZE: DataSize = { clinics: 60, patients: 100_000 }

/** Sixty clinics on one PostgreSQL behind pgbouncer, worked for in three ways: who sees whose rows? */
async function demo({ seed, seconds, json }: DemoOptions, { resources, signal }: Run): Promise<number> {
  const progress = showProgress(process.stderr)

  progress.step('Starting PostgreSQL with two standbys')
  const { primary } = resources.use(await startRig({ standbys: 2, redis: false }))
  const admin = await connectAdmin(primary.adminUrl(), { resources, signal })

  progress.step(`Loading ${SIZE.clinics} clinics with ${SIZE.patients} patients`)
  const clinics = planClinics(seed, SIZE)
  await createSchema(admin)
  await loadData(admin, seed, clinics)
  const targets = await readTargets(admin, clinics)

  progress.step('Starting pgbouncer')
  const pooler = await startPooler(primary, 'postgres', resources)

  const results = await compare({ pooler, admin, targets, seed, seconds, progress, signal })
  const faults = findFaults(results)
  for (const fault of faults) console.error(fault)
  console.log(formatTable(results))
  if (json) console.log(toJson(results))
  return faults.length === 0 ? 0 : 1
}

/** The superuser, past pgbouncer: makes the schema, loads the data and looks at what came of it. */
async function connectAdmin(connectionString: string, { resources, signal }: Run): Promise<Client> {
  const admin = new Client({ connectionString })
  admin.on('error', () => {})
  await admin.connect()
  resources.defer(() => admin.end())
  // Makes the statement that is under way fail.
  signal.addEventListener('abort', () => void admin.end())
  signal.throwIfAborted()
  return admin
}

const options = parseOptions(process.argv.slice(2))
process.exitCode = await withResources((run) => demo(options, run))
