import { type CompiledQuery, Kysely, PostgresDialect, sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createLeasehold, type Leasehold } from '../../src/index.ts'
import { TENANT_A } from '../support/notes.ts'
import { openTarget, type Target } from '../support/target.ts'
import type { NotesDatabase } from './notes-database.ts'

type Query = (db: Kysely<NotesDatabase>) => Promise<unknown>

const seven = { id: 7 }
const QUERIES: Record<string, Query> = {
  'a read': (db) => db.selectFrom('notes').select(['tenant_id', 'body']).orderBy('id').execute(),
  'a read of nothing': (db) => db.selectFrom('notes').selectAll().where('body', '=', '?').executeTakeFirst(),
  'a read that must find': (db) =>
    db.selectFrom('notes').selectAll().where('body', '=', '?').executeTakeFirstOrThrow(),
  'a join with a table expression': (db) =>
    db
      .with('few', (q) => q.selectFrom('notes').select('id'))
      .selectFrom('few')
      .innerJoin('notes', 'notes.id', 'few.id')
      .select(({ fn }) => fn.countAll().as('n'))
      .execute(),
  'types of every kind': (db) =>
    sql`select 1::int2 a, 2::int8 b, 1.50::numeric c, true d, now() - now() e, '{"x":[1]}'::jsonb f, array[1,2] g,
      '\\x00ff'::bytea h, date '2026-11-02' i, timestamptz '2026-11-02 10:00+00' j, null k, 'NaN'::float8 l`.execute(
      db,
    ),
  'a value of every kind': (db) =>
    sql`select ${1}::int a, ${'x'}::text b, ${null}::int c, ${new Date(0)}::timestamptz d, ${['a', 'b']}::text[] e,
      ${{ x: 1 }}::jsonb f, ${Buffer.from('hi')}::bytea g, ${10n}::int8 h, ${true}::bool i`.execute(db),
  'an insert': (db) =>
    db
      .insertInto('parents')
      .values([{ id: 1 }, { id: 2 }])
      .execute(),
  'an insert that returns': (db) => db.insertInto('parents').values(seven).returningAll().execute(),
  'an insert that finds its row there': (db) =>
    db
      .insertInto('parents')
      .values(seven)
      .onConflict((on) => on.doNothing())
      .executeTakeFirst(),
  'an update': (db) => db.updateTable('notes').set({ body: 'z' }).where('body', '=', 'x').executeTakeFirst(),
  'an update that returns': (db) => db.updateTable('notes').set({ body: 'z' }).returning('body').execute(),
  'a delete': (db) => db.deleteFrom('notes').where('body', '=', 'x').executeTakeFirst(),
  'a merge': (db) =>
    db
      .mergeInto('parents')
      .using('children', 'children.id', 'parents.id')
      .whenNotMatched()
      .thenInsertValues((eb) => ({ id: eb.ref('children.id') as never }))
      .execute(),
  'executeQuery of a write': (db) => db.executeQuery(db.insertInto('parents').values({ id: 9 })),
  'executeQuery of a read': (db) => db.executeQuery(db.selectFrom('notes').select('body').compile()),
  'sql that writes': (db) => sql`update notes set body = 'q'`.execute(db),
  'sql of a command': (db) => sql`show timezone`.execute(db),
  explain: (db) => db.selectFrom('parents').selectAll().where('id', '=', 1).explain('json', sql`costs off`),
  'the tables': (db) => db.introspection.getTables(),
  'a constraint that fails': (db) => db.insertInto('parents').values([seven, seven]).execute(),
  'a syntax error': (db) => sql`select from where`.execute(db),
  'a table that is not there': (db) => sql`select * from nowhere`.execute(db),
  'a right that is not granted': (db) => sql`truncate notes`.execute(db),
  'a division by zero': (db) => sql`select ${1}::int / 0`.execute(db),
}

/** What a caller can see of a result or an error, but for the stack. */
async function outcome(work: Promise<unknown>): Promise<unknown> {
  try {
    return { value: await work }
  } catch (error) {
    const { name, message, constructor: type } = error as Error
    return { type, name, message, fields: { ...(error as object) } }
  }
}

describe('a tenant handle beside a plain Kysely over pg', () => {
  let target: Target
  let db: Leasehold<NotesDatabase>
  let plain: Kysely<NotesDatabase>

  beforeAll(async () => {
    target = await openTarget('direct', { poolSize: 2 })
    db = createLeasehold<NotesDatabase>({ primary: target.poolOptions({ max: 1 }) })
    // The tenant of a plain pool is set at connect, as a team without leasehold could do for one tenant only.
    const pool = target.pool({ max: 1, options: `-c app.tenant_id=${TENANT_A}` })
    plain = new Kysely({ dialect: new PostgresDialect({ pool }) })
  })

  afterAll(async () => {
    await db.close()
    await target.close()
  })

  /** All run in the same state. */
  const reset = () =>
    target.admin.query(
      `truncate notes, parents, children restart identity cascade;
       insert into notes (tenant_id, body) values ('${TENANT_A}', 'x'), ('${TENANT_A}', 'y');
       insert into parents values (7)`,
    )

  beforeEach(reset)

  it.each(Object.entries(QUERIES))('answers alike: %s', async (_name, query) => {
    const expected = await outcome(query(plain))
    await reset()
    expect(await outcome(query(db.tenant(TENANT_A)))).toEqual(expected)
    await reset()
    expect(await outcome(db.withTenant(TENANT_A, (tx) => query(tx)))).toEqual(expected)
  })

  it('gives in a batch what the same queries give alone', async () => {
    const build = (
      q: Pick<Kysely<NotesDatabase>, 'insertInto' | 'updateTable' | 'deleteFrom' | 'selectFrom'>,
    ) => [
      q.insertInto('parents').values({ id: 1 }),
      q.insertInto('parents').values({ id: 2 }).returning('id'),
      q.updateTable('notes').set({ body: 'z' }),
      q.updateTable('notes').set({ body: 'zz' }).returning('body'),
      q.deleteFrom('notes').where('body', '=', 'none'),
      q.selectFrom('notes').select('body'),
    ]
    const alone: unknown[] = []
    for (const query of build(plain)) alone.push(await query.execute())
    await reset()
    expect(await db.tenant(TENANT_A).batch(build)).toEqual(alone)
  })

  it('compiles alike', () => {
    const compile = (one: Kysely<NotesDatabase>): CompiledQuery =>
      one.selectFrom('notes').selectAll().limit(3).compile()
    const { sql: text, parameters } = compile(plain)
    expect(compile(db.tenant(TENANT_A))).toMatchObject({ sql: text, parameters })
  })
})
