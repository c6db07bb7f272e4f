import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigError, createLeasehold, type Leasehold } from '../../../src/index.ts'
import type { IsolationOptions } from '../../../src/testing/matchers/isolation-options.ts'
import '../../../src/testing/matchers/vitest.ts'
import { openTarget, TARGETS, type Target } from '../../support/target.ts'
import { FIRST, openTable, policy, rightTable, SECOND, SECRET, TENANT, TENANTS, without } from './clinic.ts'

const options: IsolationOptions = { tenants: TENANTS }
const setting = "current_setting('app.tenant_id', true)"
const referenced = `create table visits (tenant_id uuid, patient bigint, foreign key (tenant_id, patient) references patients);
  insert into visits select tenant_id, id from patients;`
/** Of a sentence on a key, whose wording is the probe's. */
const beginning = (leak: string) =>
  leak.replace(/ a row of one tenant can refer to .*/, '').replace(/ rows of other tenants: .*/, '')
const key = (name: string) => `The key ${name} collides with`
const EMPTY = 'with an empty tenant'
const UNSET = 'with the tenant never set'

describe.each(TARGETS)('expect(db).toIsolate, %s', (name) => {
  let target: Target
  let db: Leasehold

  beforeAll(async () => {
    target = await openTarget(name, { poolSize: 3, template: 'empty' })
    db = createLeasehold({ primary: target.poolOptions({ max: 2 }) })
  })
  afterAll(async () => {
    await db.close()
    await target.close()
  })

  /** Runs work in a schema that is made for it. */
  const inSchema = async <T>(sql: string, work: () => Promise<T>) => {
    await target.admin.query(sql)
    try {
      return await work()
    } finally {
      await target.admin.query(
        'drop schema public cascade; create schema public; grant usage on schema public to public',
      )
    }
  }
  /** What the matcher says, line by line; nothing where it passes. */
  const leaksOf = (table: string, given: unknown = db) =>
    expect(given)
      .toIsolate(table, options)
      .then(
        () => [],
        (error: Error) => error.message.split('\n- ').slice(1),
      )

  it('passes for a right table, over the object and over a bare pool, and changes nothing', async () => {
    const pool = target.pool({ max: 1 })
    const rows = async () =>
      (await target.admin.query('select *, xmin, ctid from patients order by tenant_id, id')).rows
    await inSchema(rightTable('patients'), async () => {
      const before = await rows()
      await expect(db).toIsolate('patients', options)
      await expect(pool).toIsolate('public.patients', options)
      await expect(expect(db).not.toIsolate('patients', options)).rejects.toThrow(
        'not to keep its tenants apart',
      )
      expect(await rows()).toEqual(before)
      expect(before).toHaveLength(6)
      expect([db.pool().inUse, pool.idleCount]).toEqual([0, 1])
      expect((await pool.query(`select nullif(${setting}, '') as tenant`)).rows).toEqual([{ tenant: null }])
    })
  })

  const writes = ['insert a row for', 'move rows to', 'update rows of', 'delete rows of']
  it.each<[string, string, string[]]>([
    [
      'row security turned off',
      `${rightTable('patients')} alter table patients disable row level security;`,
      [
        ...[FIRST, SECOND, EMPTY, UNSET].map((who) => sees(who)),
        ...writes.flatMap((what) => [`${FIRST} can ${what} ${SECOND}`, `${SECOND} can ${what} ${FIRST}`]),
        ...writes.flatMap((what) => [EMPTY, UNSET].map((when) => without(when, what))),
      ],
    ],
    [
      'a policy that lets all read',
      `${rightTable('patients')} ${policy('patients', 'select', { using: 'true' })}`,
      [FIRST, SECOND, EMPTY, UNSET].map((who) => sees(who)),
    ],
    [
      'a policy that lets all insert',
      `${rightTable('patients')} ${policy('patients', 'insert', { check: 'true' })}`,
      both('insert a row for'),
    ],
    [
      'a policy that lets rows be moved',
      `${openTable('patients')} ${policy('patients', 'select')} ${policy('patients', 'update', { check: 'true' })}`,
      [`${FIRST} can move rows to ${SECOND}`, `${SECOND} can move rows to ${FIRST}`],
    ],
    [
      'a policy that lets all be updated, of which nothing can be read',
      `${rightTable('patients')} ${policy('patients', 'update', { using: 'true', check: 'true' })}`,
      [...both('move rows to'), ...both('update rows of')],
    ],
    [
      'a policy that lets all be deleted, of which nothing can be read',
      `${rightTable('patients')} ${policy('patients', 'delete', { using: 'true' })}`,
      both('delete rows of'),
    ],
    [
      'policies that let all be read and deleted, where a foreign key stops that',
      `${rightTable('patients')} ${policy('patients', 'select', { using: 'true' })}
       ${policy('patients', 'delete', { using: 'true' })} ${referenced}`,
      [...[FIRST, SECOND, EMPTY, UNSET].map((who) => sees(who)), ...both('delete rows of')],
    ],
    [
      'a policy that lets all insert, where a key stops that',
      `${rightTable('patients')} create unique index on patients (code, body, id);
       ${policy('patients', 'insert', { check: `tenant_id is not null and ${setting} <> ''` })}`,
      [
        `${FIRST} can insert a row for ${SECOND}`,
        `${SECOND} can insert a row for ${FIRST}`,
        key('patients_code_body_id_idx'),
      ],
    ],
    [
      'a key that all tenants share',
      `${rightTable('patients')} update patients set code = tenant_id || code; create unique index by_code on patients (code);`,
      [key('by_code')],
    ],
    [
      'a foreign key that holds across tenants',
      `${rightTable('patients')} create unique index on patients (id);
       alter table patients add kin bigint references patients (id), add unique (tenant_id, kin);`,
      [key('patients_id_idx'), 'By the foreign key patients_kin_fkey (kin)'],
    ],
    [
      'a policy that is open for an empty tenant alone',
      `${rightTable('patients')} ${policy('patients', 'select', { using: `${setting} = ''` })}`,
      [sees(EMPTY)],
    ],
    [
      'a policy that is open while the tenant was never set',
      `${rightTable('patients')} ${policy('patients', 'select', { using: `${setting} is null` })}`,
      [sees(UNSET)],
    ],
    [
      'a policy that is open to the second tenant alone',
      `${rightTable('patients')} ${policy('patients', 'select', { using: `${setting} = '${TENANTS[1]}'` })}`,
      [sees(SECOND)],
    ],
    [
      'a view without security_invoker',
      `${rightTable('notes')} create view patients as select * from notes; grant select on patients to app;`,
      [FIRST, SECOND, EMPTY, UNSET].map((who) => sees(who)),
    ],
    [
      'a partition that can be read directly',
      `create table notes (tenant_id uuid, body text) partition by hash (tenant_id);
       create table patients partition of notes for values with (modulus 1, remainder 0);
       insert into notes select t::uuid, '${SECRET}' from unnest(array['${TENANTS.join("','")}']) t, generate_series(1, 3);
       alter table notes enable row level security; alter table notes force row level security;
       ${policy('notes', 'all')} grant select on notes, patients to app;`,
      [FIRST, SECOND, EMPTY, UNSET].map((who) => sees(who)),
    ],
  ])('finds what leaks through %s, and nothing else', async (_label, sql, expected) => {
    const leaks = (await inSchema(sql, () => leaksOf('patients'))).map(beginning)
    // Behind a pooler a new connection may be given a backend on which the tenant has been set before.
    const comparable = (lines: string[]) =>
      lines.filter((line) => name === 'direct' || !line.startsWith(UNSET)).sort()
    expect(comparable(leaks)).toEqual(comparable(expected))
    for (const secret of [SECRET, ...TENANTS]) expect(leaks.join()).not.toContain(secret)
  })

  it.each<[string, string]>([
    [
      'the privileges leave nothing but reading',
      `${openTable('patients')} ${policy('patients', 'all')} revoke insert, update, delete on patients from app;`,
    ],
    [
      'only some columns may be read and written',
      `${rightTable('patients')} revoke all on patients from app;
       grant select (tenant_id, code), insert (code), update (body), delete on patients to app;`,
    ],
    ['the rows of the tenant itself cannot be deleted', `${rightTable('patients')} ${referenced}`],
    [
      'a trigger refuses every change',
      `${rightTable('patients')}
       create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
       create trigger refuse before insert or update or delete on patients for each row execute function refuse();`,
    ],
    [
      'a trigger gives every row to the tenant that writes it',
      `${rightTable('patients')} alter table patients drop constraint patients_tenant_id_code_key;
       create function own() returns trigger language plpgsql as $$
         begin new.tenant_id = ${TENANT}; return new; end $$;
       create trigger own before insert or update on patients for each row execute function own();`,
    ],
    [
      'an unset tenant is an error',
      `${openTable('patients')} ${policy('patients', 'all', {
        using: "tenant_id = current_setting('app.tenant_id')::uuid",
        check: "tenant_id = current_setting('app.tenant_id')::uuid",
      })}`,
    ],
    [
      'a view asks as who reads it',
      `${rightTable('notes')} create view patients with (security_invoker) as select * from notes;
       grant select on patients to app;`,
    ],
  ])('says nothing of a right table where %s', async (_label, sql) => {
    expect(await inSchema(sql, () => leaksOf('patients'))).toEqual([])
  })

  it('fails for a superuser and for the owner, whatever the policies say', async () => {
    await inSchema(rightTable('patients'), async () => {
      const [role, ...leaks] = await leaksOf('patients', target.admin)
      expect(role).toContain('"postgres", which is a superuser')
      expect(leaks).toContain(sees(FIRST))
      await target.admin.query('alter table patients owner to visitor')
      expect(await leaksOf('patients', target.pool({ max: 1 }))).toEqual([
        expect.stringContaining(
          '"visitor" by membership ("app" -> "visitor"), and that role owns public.patients',
        ),
      ])
    })
  })

  it('throws where nothing could be shown, with not too', async () => {
    await inSchema(
      `${rightTable('patients')} create table plain (id int); grant select on plain to app;`,
      async () => {
        await target.admin.query('delete from patients where tenant_id = $1', [TENANTS[1]])
        const cases: [unknown, string, unknown, string][] = [
          [
            db,
            'patients',
            options,
            'the second tenant of options.tenants sees no row of its own in public.patients',
          ],
          [db, 'plain', options, 'There is no plain with the column tenant_id'],
          [db, 'visits', options, 'There is no visits'],
          [
            db,
            'patients',
            { tenants: [TENANTS[0], TENANTS[0]] },
            'options.tenants must be two tenants that differ',
          ],
          [db, 'patients', undefined, 'options.tenants must be two tenants that differ'],
          [{}, 'patients', options, 'must be what createLeasehold made, or a pg.Pool'],
        ]
        for (const [given, table, asked, message] of cases) {
          for (const assertion of [expect(given), expect(given).not]) {
            const outcome = assertion.toIsolate(table, asked as IsolationOptions)
            const error = await outcome.catch((thrown: unknown) => thrown)
            expect(error).toBeInstanceOf(ConfigError)
            expect((error as Error).message).toContain(message)
          }
        }
      },
    )
  })

  it('takes setting, column and further settings from the object or the options, and any name', async () => {
    const table = '"we""ird. \u202etable"'
    const clinic = "nullif(current_setting('app.clinic', true), '')::int"
    const sql = `create table ${table} ("the clinic" int, body text);
      insert into ${table} values (1, '${SECRET}'), (2, '${SECRET}');
      alter table ${table} enable row level security; alter table ${table} force row level security;
      create policy own on ${table} to app using ("the clinic" = ${clinic} and current_setting('app.user', true) = 'u');
      grant select, insert, update, delete on ${table} to app;`
    await inSchema(sql, async () => {
      const given = { tenants: ['1', '2'] as const, settings: { 'app.user': 'u' } }
      const plain = 'we"ird. \u202etable'
      const column = 'the clinic'
      const own = createLeasehold({
        primary: target.pool({ max: 1 }),
        tenant: { setting: 'app.clinic', column },
        settings: ['app.user'],
      })
      await expect(own).toIsolate(plain, given)
      await expect(expect(own).toIsolate(plain, { tenants: ['1', '2'] })).rejects.toThrow('give `settings`')
      const bare = target.pool({ max: 1 })
      await expect(bare).toIsolate(plain, { ...given, tenantSetting: 'app.clinic', tenantColumn: column })
      await target.admin.query(`alter table ${table} disable row level security`)
      await expect(expect(own).toIsolate(plain, given)).rejects.toThrow(
        'public.we"ird. \\u{202e}table to keep',
      )
    })
  })
})

function sees(who: string): string {
  return who === EMPTY || who === UNSET ? `${who} 6 rows can be seen` : `${who} sees 3 rows of others`
}

/** Between the tenants either way, and without one. */
function both(what: string): string[] {
  const between = [`${FIRST} can ${what} ${SECOND}`, `${SECOND} can ${what} ${FIRST}`]
  return [...between, without(EMPTY, what), without(UNSET, what)]
}
