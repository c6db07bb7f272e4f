import type { Pool } from 'pg'
import { expect } from 'vitest'
import { createLeasehold, type Leasehold, type TenantId, uuid } from '../../../src/index.ts'
import { openTarget, type Target } from '../../support/target.ts'

const TENANTS: readonly TenantId[] = Array.from({ length: 20 }, (_, index) =>
  uuid(`aaaaaaaa-0000-4000-8000-${String(index).padStart(12, '0')}`),
)
const ROUNDS = 5

/** A row of the notes, as an ORM gives it. */
export interface SeenNote {
  readonly tenantId: string
  readonly body: string
}

/**
 * What an ORM does for one tenant in one round. Each step is done by an ORM in its own way; a body must begin with the id of the
 * tenant that it is written for.
 */
export interface OrmWork {
  /** One statement. */
  insert(body: string): Promise<unknown>
  /** A transaction that writes, has an inner one that is kept, and one that is undone. */
  nested(kept: string, inner: string, undone: string): Promise<unknown>
  /** A transaction that writes and is rolled back. */
  undone(body: string): Promise<unknown>
  /** Everything that is seen, in as many ways as the ORM has to read, streams among them. */
  read(): Promise<readonly (readonly SeenNote[])[]>
}

/** One database behind a pooler of few connections, and the one pool that an ORM is given. */
export class ManyTenants implements AsyncDisposable {
  readonly target: Target
  readonly db: Leasehold
  readonly pool: Pool

  static async open(): Promise<ManyTenants> {
    return new ManyTenants(await openTarget('pgbouncer 1.24', { poolSize: 3 }))
  }

  private constructor(target: Target) {
    this.target = target
    this.db = createLeasehold({ primary: target.poolOptions({ max: 4 }) })
    this.pool = this.db.asPool()
  }

  /** Has all tenants at work at once, in turns that interleave, and expects that none sees or writes what is another's. */
  async work(orm: OrmWork): Promise<void> {
    await Promise.all(TENANTS.map((tenant) => this.#workAs(tenant, orm)))
    const { rows } = await this.target.admin.query(`
      select count(distinct tenant_id)::int as tenants, count(*)::int as rows,
        count(*) filter (where body not like tenant_id || ' %')::int as foreign,
        count(*) filter (where body like '% undone')::int as undone
      from notes`)
    expect(rows).toEqual([{ tenants: 20, rows: 20 * ROUNDS * 3, foreign: 0, undone: 0 }])
    // An ORM has been answered before its client's last ROLLBACK may have been.
    await expect.poll(() => this.db.pool().inUse).toBe(0)
  }

  async #workAs(tenant: TenantId, orm: OrmWork): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1) {
      await this.db.run({ tenant }, async () => {
        const [, , , seen] = await Promise.all([
          orm.insert(`${tenant} single`),
          orm.nested(`${tenant} kept`, `${tenant} inner`, `${tenant} undone`),
          orm.undone(`${tenant} undone`),
          orm.read(),
        ])
        const last = await orm.read()
        for (const notes of [...seen, ...last]) {
          for (const note of notes) expect(note).toEqual(own(note, tenant))
        }
        for (const notes of last) expect(notes).toHaveLength((round + 1) * 3)
      })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.db.close()
    await this.target.close()
  }
}

function own({ body }: SeenNote, tenant: TenantId): SeenNote {
  return { tenantId: tenant, body: `${tenant} ${body.split(' ').at(-1)}` }
}
