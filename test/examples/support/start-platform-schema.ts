import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { installSchema } from '../../../examples/schema/install.ts'
import { type Seeded, type SeedOptions, seed } from '../../../examples/schema/seed/seed.ts'
import type { PostgresNode } from '../../../src/testing/rig/postgres-node.ts'
import type { Rig } from '../../../src/testing/rig/rig.ts'
import type { RigOptions } from '../../../src/testing/rig/start-rig.ts'
import { startRig } from '../../../src/testing/rig/start-rig.ts'

const run = promisify(execFile)
const LEASEHOLD = new URL('../../../src/cli/main.ts', import.meta.url).pathname
const CONFIG = new URL('../../../examples/partition-cron/leasehold.config.ts', import.meta.url).pathname

/** A server with the platform's schema, seeded, and with the months of its audit log. */
export interface PlatformSchema {
  readonly rig: Rig
  readonly primary: PostgresNode
  /** A superuser's session. */
  readonly admin: Client
  readonly seeded: Seeded
}

/** Starts a server of its own, for the schema's roles are the whole server's. */
export async function startPlatformSchema(
  resources: AsyncDisposableStack,
  rigOptions: RigOptions,
  seedOptions: SeedOptions,
): Promise<PlatformSchema> {
  const rig = resources.use(await startRig(rigOptions))
  const { primary } = rig
  const admin = await connect(primary.adminUrl(), resources)
  await installSchema(admin)
  await makeMonths(primary, admin, resources)
  const seeded = await seed(admin, seedOptions)
  return { rig, primary, admin, seeded }
}

/** As the platform does it: what a superuser runs once, then a run of the job. */
async function makeMonths(
  primary: PostgresNode,
  admin: Client,
  resources: AsyncDisposableStack,
): Promise<void> {
  const setup = await run(process.execPath, [
    LEASEHOLD,
    'partitions',
    'setup',
    '--owner',
    'clinic_owner',
    '--config',
    CONFIG,
  ])
  await admin.query(setup.stdout)
  const archive = await mkdtemp(join(tmpdir(), 'leasehold-archive-'))
  resources.defer(() => rm(archive, { recursive: true, force: true }))
  const LEASEHOLD_URL = primary.url({ user: 'partition_job', database: 'postgres' })
  await run(process.execPath, [LEASEHOLD, 'partitions', 'apply', '--config', CONFIG], {
    env: { ...process.env, LEASEHOLD_URL, ARCHIVE_SINK: `file://${archive}` },
  })
}

export async function connect(connectionString: string, resources: AsyncDisposableStack): Promise<Client> {
  const client = new Client({ connectionString })
  await client.connect()
  resources.defer(() => client.end())
  return client
}
