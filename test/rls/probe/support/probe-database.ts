import pg from 'pg'
import type { ProbeClient, ProbeOptions } from '../../../../src/rls/probe/probe-options.ts'
import type { ProbeFinding } from '../../../../src/rls/probe/report/probe-report.ts'
import { runProbe } from '../../../../src/rls/probe/run-probe.ts'
import { TENANT_A, TENANT_B } from '../../../support/notes.ts'
import { openTarget, type Target } from '../../../support/target.ts'
import { CLINIC } from './clinic.ts'

const QUERY_TIMEOUT_MS = 10_000

export const OPTIONS: ProbeOptions = {
  tenantColumn: 'tenant_id',
  tenantColumns: {},
  tenantSetting: 'app.tenant_id',
  settings: [],
  shared: [],
  tenants: [{ id: TENANT_A }, { id: TENANT_B }],
}

/** A database with the clinic in it, to plant leaks in. */
export class ProbeDatabase implements AsyncDisposable {
  readonly target: Target

  static async open(...sql: readonly string[]): Promise<ProbeDatabase> {
    const database = new ProbeDatabase(await openTarget('direct', { template: 'empty', poolSize: 4 }))
    try {
      for (const text of [CLINIC, ...sql]) await database.run(text)
    } catch (error) {
      await database.target.close()
      throw error
    }
    return database
  }

  private constructor(target: Target) {
    this.target = target
  }

  /** Runs SQL as the superuser. */
  async run<Row extends object = object>(sql: string): Promise<readonly Row[]> {
    const { rows } = await this.target.admin.query<Row>(sql)
    return rows
  }

  /** Probes over a connection of its own, as a login. */
  async probe(options: Partial<ProbeOptions> = {}, user = 'app'): Promise<readonly ProbeFinding[]> {
    const app = await this.connect(user)
    try {
      return await runProbe({ app }, { ...OPTIONS, ...options })
    } finally {
      await app.end()
    }
  }

  /** Probes over what is given. */
  probeOn(app: ProbeClient): Promise<readonly ProbeFinding[]> {
    return runProbe({ app }, OPTIONS)
  }

  async connect(user: string): Promise<pg.Client> {
    const client = new pg.Client({
      ...this.target.poolOptions({ user }),
      query_timeout: QUERY_TIMEOUT_MS,
    } as pg.ClientConfig)
    // What happens to an idle connection fails the query after it.
    client.on('error', () => {})
    await client.connect()
    return client
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.target.close()
  }
}

/** `rule object` in alphabetical order, without what is only good to know. */
export function leaks(findings: readonly ProbeFinding[]): readonly string[] {
  return findings
    .filter(({ severity }) => severity !== 'info')
    .map(({ rule, object }) => `${rule} ${object}`)
    .sort()
}
