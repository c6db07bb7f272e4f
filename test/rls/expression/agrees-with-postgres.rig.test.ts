import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AuditSubject } from '../../../src/rls/audit/audit-subject.ts'
import { readNames } from '../../../src/rls/audit/rules/policies/judgement/read-names.ts'
import { branchesOf } from '../../../src/rls/expression/branches.ts'
import type { CatalogNames } from '../../../src/rls/expression/catalog-names.ts'
import { evaluate } from '../../../src/rls/expression/evaluate.ts'
import type { Expression } from '../../../src/rls/expression/expression.ts'
import {
  always,
  connect,
  FAILS,
  isAlways,
  mayBeTrue,
  type Possible,
  type Value,
} from '../../../src/rls/expression/possible.ts'
import { readExpression } from '../../../src/rls/expression/read-expression.ts'
import type { Situation } from '../../../src/rls/expression/situation.ts'
import { Random } from '../../support/random.ts'
import { openTarget, type Target } from '../../support/target.ts'
import { RandomCondition, SETTINGS, UUIDS } from './random-condition.ts'

const CONDITIONS = 600
const DEPTH = 3
const SEED = Number(process.env.LEASEHOLD_TEST_SEED ?? 20_261_122)

interface Row {
  readonly tenant_id: string | null
  readonly a: string | null
  readonly b: boolean | null
  readonly n: number | null
}

const ROWS: readonly Row[] = [
  { tenant_id: UUIDS[0] ?? null, a: 'x', b: true, n: 7 },
  { tenant_id: UUIDS[1] ?? null, a: '', b: false, n: null },
  { tenant_id: null, a: null, b: null, n: 0 },
]

let target: Target
let client: pg.PoolClient

beforeAll(async () => {
  target = await openTarget('direct', { poolSize: 2, template: 'empty' })
  client = await target.admin.connect()
  await client.query('begin; create table t (tenant_id uuid, a text, b boolean, n bigint)')
  for (const [name, value] of Object.entries(SETTINGS)) {
    await client.query('select set_config($1, $2, true)', [name, value])
  }
})
afterAll(async () => {
  await client.query('rollback')
  client.release()
  await target[Symbol.asyncDispose]()
})

/** The session that PostgreSQL evaluates in, at a row of which it may be known only what its tenant is. */
function situationAt(row: Row, knows: (column: number) => boolean): Situation {
  const b = row.b === null ? null : row.b ? 't' : 'f'
  const columns = [row.tenant_id, row.a, b, row.n === null ? null : String(row.n)]
  return {
    column: (number) => (knows(number) ? always(columns[number - 1] ?? null) : undefined),
    setting: (name) => always(SETTINGS[name] ?? null),
    user: () => always('postgres'),
    call: () => undefined,
  }
}

/** What PostgreSQL makes of a condition. */
async function ask(condition: string, row: Row): Promise<Value> {
  await client.query('savepoint asked')
  try {
    const { rows } = await client.query<{ value: boolean | null }>(
      `select (${condition}) as value from jsonb_populate_record(null::public.t, $1) as t`,
      [JSON.stringify(row)],
    )
    const value = rows[0]?.value ?? null
    return value === null ? null : value ? 't' : 'f'
  } catch {
    return FAILS
  } finally {
    await client.query('rollback to asked; release asked')
  }
}

describe('what an expression evaluates to', () => {
  const tried: { text: string; expression: Expression; row: Row; answer: Value }[] = []
  let names: CatalogNames

  beforeAll(async () => {
    const generator = new RandomCondition(new Random(SEED))
    const texts = Array.from({ length: CONDITIONS }, () => generator.condition(DEPTH))
    for (const [index, text] of texts.entries())
      await client.query(`create policy p${index} on t using (${text})`)
    const { rows } = await client.query<{ tree: string; text: string }>(
      "select polqual::text as tree, pg_get_expr(polqual, polrelid) as text from pg_policy where polrelid = 't'::regclass",
    )
    const expressions = rows.map(({ tree }) => readExpression(tree))
    for (const [index, { text }] of rows.entries()) {
      const expression = expressions[index]
      for (const row of ROWS) {
        if (expression) tried.push({ text, expression, row, answer: await ask(text, row) })
      }
    }
    const subject = await AuditSubject.open(client, {
      appRole: 'app',
      tenantColumn: 'tenant_id',
      tenantColumns: {},
      tenantSetting: 'app.own',
      settings: [],
      shared: [],
      backupRoles: [],
      sources: [],
    })
    names = (await readNames(subject, expressions)).names
  }, 60_000)

  const wrong = (
    isWrong: (possible: Possible, answer: Value) => boolean,
    knows: (column: number) => boolean,
  ): readonly string[] =>
    tried.flatMap(({ text, expression, row, answer }) => {
      const possible = evaluate(expression, situationAt(row, knows), names)
      const said = possible ? [...possible].map(String).join(' or ') : 'anything'
      return isWrong(possible, answer)
        ? [`${text} is ${String(answer)} and not ${said} for ${JSON.stringify(row)}`]
        : []
    })

  /** Where something is unknown it may fail besides. */
  const isUnsound = (possible: Possible, answer: Value) =>
    possible !== undefined && answer !== FAILS && !possible.has(answer)

  it('is among what is said to be possible, with the whole row known', () => {
    expect(tried).toHaveLength(CONDITIONS * ROWS.length)
    expect(wrong(isUnsound, () => true)).toEqual([])
  })

  it('is among what is said to be possible, with the tenant alone known', () => {
    expect(wrong(isUnsound, (column) => column === 1)).toEqual([])
  })

  it('is never said to be true for certain where evaluating fails', () => {
    expect(
      wrong(
        (possible, answer) => answer === FAILS && isAlways(possible, 't'),
        () => true,
      ),
    ).toEqual([])
  })

  it('is said exactly in most cases where the row is known', () => {
    const inexact = wrong(
      (possible) => possible?.size !== 1,
      () => true,
    )
    expect(inexact.length).toBeLessThan(tried.length / 2)
    const answers = new Set(tried.map(({ answer }) => answer))
    expect(answers).toEqual(new Set(['t', 'f', null, FAILS]))
  })

  it('is true exactly where all of a branch is', () => {
    const wrongly = tried.filter(({ expression, row, answer }) => {
      if (answer === FAILS) return false
      const situation = situationAt(row, () => true)
      const branches = branchesOf(expression, names).map((branch) =>
        connect(
          'and',
          branch.map((condition) => evaluate(condition, situation, names)),
        ),
      )
      return answer === 't' ? !branches.some(mayBeTrue) : branches.some((branch) => isAlways(branch, 't'))
    })
    expect(wrongly).toEqual([])
  })
})
