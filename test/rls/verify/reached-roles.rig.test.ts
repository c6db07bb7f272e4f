import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reportRole } from '../../../src/rls/verify/role-report.ts'
import { Random } from '../../support/random.ts'
import { openTarget, type Target } from '../../support/target.ts'

const GRAPHS = 60
const ROLES = Array.from({ length: 7 }, (_, index) => `graph_${process.pid}_${index}`)
const [LOGIN = ''] = ROLES

interface Membership {
  readonly member: string
  readonly role: string
  readonly options: string
  readonly admin: boolean
}

describe('the roles that a session reaches', () => {
  let target: Target
  let client: pg.PoolClient

  beforeAll(async () => {
    target = await openTarget('direct', { poolSize: 1, template: 'empty' })
    client = await target.admin.connect()
  })
  afterAll(async () => {
    client.release()
    await target.close()
  })

  /** Memberships from each role to later ones, so that there is no circle, with options at random. */
  const draw = (random: Random): readonly Membership[] =>
    ROLES.flatMap((member, index) =>
      ROLES.slice(index + 1)
        .filter(() => random.chance(35))
        .map((role) => {
          const admin = random.chance(12)
          const options = `inherit ${random.chance(45)}, set ${random.chance(45)}, admin ${admin}`
          return { member, role, options, admin }
        }),
    )

  const has = async (member: string, privilege: 'SET' | 'USAGE') => {
    const { rows } = await client.query<{ role: string }>(
      'select role from unnest($2::text[]) as role where pg_has_role($1, role, $3)',
      [member, ROLES, privilege],
    )
    return rows.map(({ role }) => role)
  }

  /** What PostgreSQL itself lets the login role have, also once it has granted itself what it may. */
  const within = async (memberships: readonly Membership[]) => {
    const sets = new Set([LOGIN])
    const reached = new Set<string>()
    for (let before = -1; before !== sets.size + reached.size; ) {
      before = sets.size + reached.size
      for (const role of [...sets]) {
        for (const other of await has(role, 'SET')) sets.add(other)
        for (const other of await has(role, 'USAGE')) reached.add(other)
      }
      for (const { member, role, admin } of memberships) if (admin && reached.has(member)) sets.add(role)
    }
    return [...new Set([...sets, ...reached])].sort()
  }

  it('are those that PostgreSQL lets it act as or have the privileges of, in any graph of memberships', async () => {
    const random = new Random(0xa11d17)
    let reachedInAll = 0
    await client.query('begin')
    try {
      for (const role of ROLES) await client.query(`create role ${role}`)
      for (let graph = 0; graph < GRAPHS; graph += 1) {
        const memberships = draw(random)
        await client.query('savepoint graph')
        for (const { member, role, options } of memberships) {
          await client.query(`grant ${role} to ${member} with ${options}`)
        }
        const expected = await within(memberships)
        await client.query(`set local session authorization ${LOGIN}`)
        const { reached } = await reportRole(client, 'tenant_id')
        await client.query('rollback to graph')
        expect(reached.map(({ name }) => name).sort(), JSON.stringify(memberships)).toEqual(expected)
        reachedInAll += expected.length - 1
      }
    } finally {
      await client.query('rollback')
    }
    expect(reachedInAll).toBeGreaterThan(GRAPHS)
  })

  it.each([
    ['inherit true, set false', false],
    ['inherit false, set true', true],
    ['inherit false, set false, admin true', true],
  ])('have their attributes where it can become them: %s', async (options, isTaken) => {
    const [login = '', middle = '', role = ''] = ROLES
    await client.query('begin')
    try {
      await client.query(`create role ${login}; create role ${middle}; create role ${role} bypassrls;
        grant ${middle} to ${login} with inherit true, set true; grant ${role} to ${middle} with ${options}`)
      await client.query(`set local session authorization ${login}`)
      const { reached } = await reportRole(client, 'tenant_id')
      expect(reached.find(({ name }) => name === role)).toMatchObject({ via: middle, bypassesRls: isTaken })
    } finally {
      await client.query('rollback')
    }
  })
})
