import { Client } from 'pg'
import { installSchema } from '../../../examples/schema/install.ts'
import { type Seeded, type SeedOptions, seed } from '../../../examples/schema/seed/seed.ts'
import type { PostgresNode } from '../../../src/testing/rig/postgres-node.ts'
import type { Rig } from '../../../src/testing/rig/rig.ts'
import type { RigOptions } from '../../../src/testing/rig/start-rig.ts'
import { startRig } from '../../../src/testing/rig/start-rig.ts'
import { makeMonths } from './make-months.ts'

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
  await makeMonths(primary, admin, { config: 'leasehold.config.ts', owner: 'clinic_owner' }, resources)
  const seeded = await seed(admin, seedOptions)
  return { rig, primary, admin, seeded }
}

export async function connect(connectionString: string, resources: AsyncDisposableStack): Promise<Client> {
  const client = new Client({ connectionString })
  await client.connect()
  resources.defer(() => client.end())
  return client
}
