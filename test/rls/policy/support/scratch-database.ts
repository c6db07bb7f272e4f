import pg from 'pg'
import { inject } from 'vitest'
import { generatePolicy } from '../../../../src/rls/policy/generate-policy.ts'
import type { PolicyOptions } from '../../../../src/rls/policy/policy-options.ts'
import type { PolicyStatement } from '../../../../src/rls/policy/policy-statement.ts'
import { createDatabase, dropDatabase } from '../../../../src/testing/rig/databases.ts'

export const OPTIONS: PolicyOptions = {
  appRole: 'app',
  tenantSetting: 'app.tenant_id',
  tenantColumn: 'tenant_id',
}

interface Address {
  readonly host: string
  readonly port: number
}

/** A database of a test's own, with a session of the superuser. */
export class ScratchDatabase {
  readonly admin: pg.Client
  readonly name: string
  readonly #address: Address
  readonly #resources: AsyncDisposableStack

  /** Makes one on a server; on the shared rig by default. */
  static async open(
    resources: AsyncDisposableStack,
    { address = inject('rig').primary, template }: { address?: Address; template?: string } = {},
  ): Promise<ScratchDatabase> {
    const { name } = await createDatabase(address, template === undefined ? {} : { template })
    resources.defer(() => dropDatabase(address, name))
    const admin = await connect(resources, address, 'postgres', name)
    return new ScratchDatabase(address, name, admin, resources)
  }

  constructor(address: Address, name: string, admin: pg.Client, resources: AsyncDisposableStack) {
    this.#address = address
    this.#resources = resources
    this.name = name
    this.admin = admin
  }

  /** A session of a role; closed with the resources that the database was made with. */
  connect(user: string): Promise<pg.Client> {
    return connect(this.#resources, this.#address, user, this.name)
  }

  /** What the generator says of the database as it is. */
  async generate(options: Partial<PolicyOptions> = {}): Promise<readonly PolicyStatement[]> {
    await this.admin.query('begin isolation level repeatable read read only')
    try {
      return await generatePolicy(this.admin, { ...OPTIONS, ...options })
    } finally {
      await this.admin.query('rollback')
    }
  }

  /** Runs statements in one transaction, as a migration does. */
  async apply(statements: readonly PolicyStatement[]): Promise<void> {
    await this.admin.query('begin')
    try {
      for (const { sql } of statements) await this.admin.query(sql)
      await this.admin.query('commit')
    } finally {
      // After a commit it changes nothing, and only warns.
      await this.admin.query('rollback')
    }
  }
}

async function connect(
  resources: AsyncDisposableStack,
  { host, port }: Address,
  user: string,
  database: string,
): Promise<pg.Client> {
  const client = new pg.Client({ host, port, user, database })
  client.on('error', () => {})
  await client.connect()
  resources.defer(() => client.end())
  return client
}
