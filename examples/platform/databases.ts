import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installSchema, platformClinics, type Seeded, seed, seedDomains } from '@clinic/schema/seed'
import { installTelemetrySchema } from '@clinic/telemetry-api/schema'
import { Client } from 'pg'
import { type PartitionedDatabase, runPartitionJob, setUpPartitions } from './partition-job.ts'
import { CLINIC_DATABASE, TELEMETRY_DATABASE, type Topology } from './topology.ts'

export interface DatabaseOptions {
  readonly clinics: number
  readonly patients: number | undefined
  /** As it stands in tokens. */
  readonly identityUrl: string
}

/** What is in the databases, and how their partitions are kept. */
export interface Databases {
  readonly seeded: Seeded
  /** Runs the partition job of each database once, as its schedule does. */
  runPartitionJobs(): Promise<void>
}

/** Makes both databases: schemas, months, clinics, people. */
export async function makeDatabases(topology: Topology, options: DatabaseOptions): Promise<Databases> {
  const [clinic, telemetry] = partitionedDatabases(topology)
  const [seeded] = await Promise.all([
    makeClinicDatabase(topology, clinic, options),
    makeTelemetryDatabase(topology, telemetry, options),
  ])
  return {
    seeded,
    async runPartitionJobs() {
      await runPartitionJob(clinic)
      await runPartitionJob(telemetry)
    },
  }
}

async function makeClinicDatabase(
  { rig }: Topology,
  partitions: PartitionedDatabase,
  { clinics, patients, identityUrl }: DatabaseOptions,
): Promise<Seeded> {
  await rig.createDatabase({ name: CLINIC_DATABASE })
  return asAdmin(rig.primary.adminUrl(CLINIC_DATABASE), async (admin) => {
    await installSchema(admin)
    await setUpPartitions(admin, partitions)
    await runPartitionJob(partitions)
    return seed(admin, { clinics, identityUrl, ...(patients !== undefined && { patients }) })
  })
}

async function makeTelemetryDatabase(
  { telemetry }: Topology,
  partitions: PartitionedDatabase,
  { clinics, identityUrl }: DatabaseOptions,
): Promise<void> {
  await asAdmin(telemetry.primary.adminUrl(), (admin) => admin.query(`create database ${TELEMETRY_DATABASE}`))
  await asAdmin(telemetry.primary.adminUrl(TELEMETRY_DATABASE), async (admin) => {
    await installTelemetrySchema(admin)
    await setUpPartitions(admin, partitions)
    await runPartitionJob(partitions)
    await seedDomains(admin, platformClinics(clinics), { identityUrl })
  })
}

function partitionedDatabases({
  rig,
  telemetry,
}: Topology): readonly [PartitionedDatabase, PartitionedDatabase] {
  const archiveDirectory = join(rig.directory, 'archive')
  const user = 'partition_job'
  return [
    {
      config: exampleFile('partition-cron/leasehold.config.ts'),
      url: rig.primary.url({ user, database: CLINIC_DATABASE }),
      owner: 'clinic_owner',
      archiveDirectory,
    },
    {
      config: exampleFile('partition-cron/telemetry.config.ts'),
      url: telemetry.primary.url({ user, database: TELEMETRY_DATABASE }),
      owner: 'telemetry_owner',
      archiveDirectory,
    },
  ]
}

export async function asAdmin<T>(connectionString: string, work: (admin: Client) => Promise<T>): Promise<T> {
  const admin = new Client({ connectionString })
  admin.on('error', () => {})
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

function exampleFile(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url))
}
