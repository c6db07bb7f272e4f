import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { planClinics } from '../../examples/demo/data/clinics.ts'
import { loadData } from '../../examples/demo/data/load.ts'
import type { AuditOptions } from '../../src/rls/audit/audit-options.ts'
import { RULES } from '../../src/rls/audit/rules/index.ts'
import { runAudit } from '../../src/rls/audit/run-audit.ts'
import { generatePolicy } from '../../src/rls/policy/generate-policy.ts'
import { printMigration } from '../../src/rls/policy/print-migration.ts'
import { runProbe } from '../../src/rls/probe/run-probe.ts'
import { OPTIONS, ScratchDatabase } from './policy/support/scratch-database.ts'

const EXAMPLES = `${import.meta.dirname}/../../examples/schema`
const read = (path: string) => readFileSync(`${EXAMPLES}/${path}`, 'utf8')
const AUDIT: AuditOptions = {
  ...OPTIONS,
  tenantColumns: {},
  settings: [],
  shared: [],
  backupRoles: [],
  sources: [],
}
const rules = RULES.filter(({ id }) => id !== 'server-version')
const SEED = 1
/** Of fewer, the same person is drawn twice. */
const CLINICS = planClinics(SEED, { clinics: 6, patients: 1_500 })

/** What was left out of a migration, and who says so. The probe is asked only where the audit finds nothing. */
interface Mutant {
  readonly missing: string
  /** Something that follows needs it, so that nothing runs at all. */
  readonly failed: boolean
  readonly audit: boolean
  readonly probe: boolean
  /** `leasehold rls generate --check`. */
  readonly generate: boolean
}

let resources: AsyncDisposableStack
let database: ScratchDatabase
let migration: string
let statements: readonly string[]

beforeAll(async () => {
  resources = new AsyncDisposableStack()
  database = await openPlain(resources)
  const generated = await database.generate()
  statements = generated.flatMap(({ parts }) => parts)
  migration = printMigration(generated)
})
afterAll(() => resources.disposeAsync())

async function openPlain(owner: AsyncDisposableStack): Promise<ScratchDatabase> {
  const opened = await ScratchDatabase.open(owner)
  await opened.admin.query(read('01-roles.sql'))
  await opened.admin.query(read('generated/plain.sql'))
  return opened
}

/** What is found where a migration has run; all is taken back. */
async function lookAfter(sql: string): Promise<{ failed: boolean; audit: readonly string[]; left: number }> {
  const { admin } = database
  await admin.query('begin')
  try {
    const failed = await admin.query(sql).then(
      () => false,
      () => true,
    )
    if (failed) return { failed, audit: [], left: 0 }
    const audit = (await runAudit(admin, AUDIT, rules)).map(({ rule, object }) => `${rule} ${object}`)
    return { failed, audit, left: (await generatePolicy(admin, OPTIONS)).length }
  } finally {
    await admin.query('rollback')
  }
}

/** What a probe finds as two clinics that have rows, in a database of its own. */
async function probeAfter(sql: string): Promise<readonly string[]> {
  await using owned = new AsyncDisposableStack()
  const { admin, connect } = await openClinics(owned, sql)
  const app = await connect('app')
  const findings = await runProbe(
    { app, admin },
    { ...AUDIT, tenants: [{ id: CLINICS[0]?.tenantId ?? '' }, { id: CLINICS[1]?.tenantId ?? '' }] },
  )
  return findings.map(({ rule, object }) => `${rule} ${object}`)
}

async function openClinics(owned: AsyncDisposableStack, sql: string) {
  const opened = await openPlain(owned)
  await opened.admin.query(`begin; ${sql}`)
  await opened.admin.query('commit')
  await loadData(opened.admin, SEED, CLINICS)
  return { admin: opened.admin, connect: (user: string) => opened.connect(user) }
}

/** Leaves each of the pieces out of the migration, one at a time. */
async function tryWithout(pieces: ReadonlyMap<string, string>): Promise<readonly Mutant[]> {
  const mutants: Mutant[] = []
  for (const [missing, rest] of pieces) {
    const { failed, audit, left } = await lookAfter(rest)
    const probe = !failed && audit.length === 0 && (await probeAfter(rest)).length > 0
    mutants.push({ missing, failed, audit: audit.length > 0, probe, generate: left > 0 })
  }
  return mutants
}

/** The same line can stand in the file more than once. */
function withoutLines(): ReadonlyMap<string, string> {
  const lines = migration.split('\n')
  return new Map(
    lines.flatMap((line, at) =>
      line.trim() === '' || line.startsWith('--')
        ? []
        : [[`${at + 1}: ${line.trim()}`, lines.toSpliced(at, 1).join('\n')] as const],
    ),
  )
}

function withoutStatements(): ReadonlyMap<string, string> {
  return new Map(statements.map((statement) => [statement, migration.replace(statement, () => '')]))
}

describe('the generated migration of the clinic', () => {
  it('leaves nothing for an audit or a probe to find, and nothing to generate', async () => {
    expect(await lookAfter(migration)).toEqual({ failed: false, audit: [], left: 0 })
    expect(await probeAfter(migration)).toEqual([])
  })

  it('is needed, as the audit and the probe say each', async () => {
    expect((await lookAfter('')).audit.length).toBeGreaterThan(20)
    const open = 'alter table public.patients disable row level security;'
    expect(await probeAfter(`${migration}\n${open}`)).toContain('probe-read public.patients')
  })

  it.each([
    ['statement', withoutStatements],
    ['line', withoutLines],
  ])(
    'has no %s that could be missing without the audit or the probe finding it, or another failing',
    { timeout: 240_000 },
    async (kind, without) => {
      const pieces = without()
      expect([...pieces.values()]).not.toContain(migration)
      const mutants = await tryWithout(pieces)
      const count = (key: 'failed' | 'audit' | 'probe' | 'generate') => mutants.filter((it) => it[key]).length
      console.log(
        `${mutants.length} times one ${kind} left out: ${count('failed')} migrations fail, ${count('audit')} seen by the audit, ` +
          `${count('probe')} more by the probe; ${count('generate')} seen by generate --check`,
      )
      const unseen = mutants.filter(({ failed, audit, probe }) => !failed && !audit && !probe)
      expect(unseen.map(({ missing }) => missing)).toEqual([])
    },
  )
})
