import pg from 'pg'
import { inject } from 'vitest'
import { createDatabase, dropDatabase } from '../../src/testing/rig/databases.ts'

/** A database of one's own, as the binary reaches it. */
export class CliDatabase implements AsyncDisposable {
  /** Its name. */
  readonly name: string
  /** The superuser, directly. */
  readonly url: string
  readonly admin: pg.Client

  static async create(script = '', template = 'empty'): Promise<CliDatabase> {
    const { name } = await createDatabase(inject('rig').primary, { template })
    const database = new CliDatabase(name)
    await database.admin.connect()
    // So that no rule has to say anything of the database itself.
    await database.admin.query(`revoke temporary on database ${name} from public;
      revoke create on schema public from public; grant usage on schema public to app`)
    await database.admin.query(script)
    return database
  }

  private constructor(name: string) {
    this.name = name
    this.url = this.urlAs('postgres')
    this.admin = new pg.Client({ connectionString: this.url })
    this.admin.on('error', () => {})
  }

  /** How a role gets here. */
  urlAs(role: string): string {
    const { host, port } = inject('rig').primary
    return `postgres://${encodeURIComponent(role)}@${host}:${port}/${this.name}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.admin.end()
    await dropDatabase(inject('rig').primary, this.name)
  }
}
