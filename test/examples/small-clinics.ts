import { Client } from 'pg'
import { type Clinic, planClinics } from '../../examples/demo/data/clinics.ts'
import { createSchema, loadData } from '../../examples/demo/data/load.ts'
import type { PostgresNode } from '../../src/testing/rig/postgres-node.ts'
import { startRig } from '../../src/testing/rig/start-rig.ts'

export const SEED = 1
export const SMALL = { clinics: 6, patients: 1_500 }

/** A PostgreSQL of its own, since the schema's roles are the whole server's, with the schema and some clinics. */
export interface SmallClinics {
  readonly primary: PostgresNode
  readonly admin: Client
  /** A session of the application's role. */
  readonly app: Client
  readonly clinics: readonly Clinic[]
}

export async function startSmallClinics(resources: AsyncDisposableStack): Promise<SmallClinics> {
  const { primary } = resources.use(await startRig({ standbys: 0, redis: false }))
  const admin = await connect(primary.adminUrl(), resources)
  const clinics = planClinics(SEED, SMALL)
  await createSchema(admin)
  await loadData(admin, SEED, clinics)
  const app = await connect(primary.url({ user: 'app', database: 'postgres' }), resources)
  return { primary, admin, app, clinics }
}

export async function connect(connectionString: string, resources: AsyncDisposableStack): Promise<Client> {
  const client = new Client({ connectionString })
  await client.connect()
  resources.defer(() => client.end())
  return client
}

/** Runs one statement of the application in a tenant's context, and takes back what it did. */
export async function asTenant<Row extends object>(
  app: Client,
  tenantId: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  await app.query('begin')
  try {
    await app.query("select set_config('app.tenant_id', $1, true)", [tenantId])
    return (await app.query<Row>(text, values)).rows
  } finally {
    await app.query('rollback')
  }
}
