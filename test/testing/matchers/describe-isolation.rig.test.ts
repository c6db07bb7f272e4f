import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MatrixOptions } from '../../../src/testing/matchers/describe-isolation.ts'
import { openTarget, type Target } from '../../support/target.ts'
import { policy, rightTable, SECRET, TENANTS } from './clinic.ts'

const SCRIPT = join(import.meta.dirname, 'matrix/run-matrix.ts')
const run = promisify(execFile)

interface Report {
  readonly tests: readonly { readonly name: string; readonly errors: readonly string[] }[]
  /** What kept the file from being read to its end. */
  readonly errors: readonly string[]
}

describe('describeIsolation', () => {
  let target: Target

  beforeAll(async () => {
    target = await openTarget('direct', { poolSize: 2, template: 'empty' })
    await target.admin.query(`${rightTable('patients')} ${rightTable('visits')}
      ${policy('visits', 'select', { using: 'true' })}
      create view everything as select * from patients; grant select on everything to app;
      create table hidden (tenant_id uuid); create table countries (code text); grant select on countries to app;`)
  })
  afterAll(() => target.close())

  /** Runs a test file that holds nothing but the matrix. */
  const matrix = async (options: Partial<MatrixOptions> = {}) => {
    const MATRIX = JSON.stringify({
      connection: target.poolOptions(),
      options: { tenants: TENANTS, ...options },
    })
    // Of the Vitest around it the one inside must know nothing.
    const { VITEST, VITEST_POOL_ID, VITEST_WORKER_ID, TEST, NODE_ENV, ...env } = process.env
    const { stdout } = await run(process.execPath, [SCRIPT], { env: { ...env, MATRIX }, timeout: 25_000 })
    const { tests, errors }: Report = JSON.parse(stdout)
    return {
      tests: tests.map(({ name }) => name),
      failures: tests.flatMap((test) => test.errors).join('\n'),
      errors: errors.join('\n'),
    }
  }

  it('has a test for each relation of tenants that the role can read, which fails where it leaks', async () => {
    const { tests, failures } = await matrix()
    expect(tests).toEqual([
      'failed tenants are kept apart in > public.everything',
      'passed tenants are kept apart in > public.patients',
      'failed tenants are kept apart in > public.visits',
    ])
    expect(failures).toContain(
      'expected public.visits to keep its tenants apart, but:\n- the first tenant sees 3 rows of others',
    )
    expect(failures).toContain('expected public.everything to keep its tenants apart')
    for (const secret of [SECRET, ...TENANTS]) expect(failures).not.toContain(secret)
  })

  it('leaves out what it is told to, and fails the file where nothing is left or that is nothing', async () => {
    const except = ['public.everything', 'public.visits']
    expect((await matrix({ except })).tests).toEqual(['passed tenants are kept apart in > public.patients'])
    expect((await matrix({ except: ['public.patient'] })).errors).toContain(
      'options.except names public.patient,',
    )
    expect((await matrix({ tenantColumn: 'clinic' })).errors).toContain(
      'can read no table with the column clinic',
    )
  })
})
