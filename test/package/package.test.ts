import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '../..')
const minute = 60_000

/** The package as npm would publish it, installed in an empty project together with its peers. */
describe('the packed package', () => {
  let project: string

  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'leasehold-package-'))
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', project], { cwd: root })
    const [packed] = JSON.parse(stdout) as [{ filename: string }]
    await writeFile(join(project, 'package.json'), '{ "name": "empty", "private": true }')
    const { devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    await run(
      'npm',
      [
        'install',
        '--no-audit',
        '--no-fund',
        '--prefer-offline',
        packed.filename,
        `pg@${devDependencies.pg}`,
        `kysely@${devDependencies.kysely}`,
        `@types/node@${devDependencies['@types/node']}`,
      ],
      { cwd: project },
    )
  }, 2 * minute)

  afterAll(async () => {
    await rm(project, { recursive: true, force: true })
  })

  const inProject = (script: string, ...flags: string[]) =>
    run(process.execPath, [...flags, '--eval', script], { cwd: project })

  it('can be imported', async () => {
    const script = `import { createLeasehold, withTenant } from 'leasehold'; console.log(typeof createLeasehold, typeof withTenant)`
    const { stdout } = await inProject(script, '--input-type=module')
    expect(stdout.trim()).toBe('function function')
  })

  it('can be required', async () => {
    const { stdout } = await inProject(`console.log(typeof require('leasehold').createLeasehold)`)
    expect(stdout.trim()).toBe('function')
  })

  it('gives one class of errors to all of its entries', async () => {
    const script = `
      import { LeaseholdError, uuid } from 'leasehold'
      try { uuid('x') } catch (error) { console.log(error instanceof LeaseholdError, error.name, error.code) }`
    const { stdout } = await inProject(script, '--input-type=module')
    expect(stdout.trim()).toBe('true TenantInvalidError LSH_ERR_TENANT_INVALID')
  })

  it('brings its types, which need no types of pg', async () => {
    await writeFile(
      join(project, 'check.ts'),
      `import { createLeasehold, type TenantId, uuid, withTenant } from 'leasehold'
       const db = createLeasehold({ primary: { connectionString: 'postgres://127.0.0.1/x' } })
       const id: TenantId = uuid('x')
       const rows: Promise<{ n: number }[]> = db.tenant(id).query<{ n: number }>('select 1').then((r) => r.rows)
       const done: Promise<number> = withTenant(db, id, async (tx) => (await tx.query('select 1')).rows.length)
       // @ts-expect-error a plain string is no tenant id
       db.tenant('x')
       export { done, rows }`,
    )
    const options = { noEmit: true, strict: true, module: 'nodenext', target: 'es2024', types: ['node'] }
    await writeFile(
      join(project, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: options, files: ['check.ts'] }),
    )
    await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', project])
  }, 30_000)

  it('has p-limit as its one dependency', async () => {
    const manifest = JSON.parse(await readFile(join(project, 'node_modules/leasehold/package.json'), 'utf8'))
    expect(Object.keys(manifest.dependencies)).toEqual(['p-limit'])
  })
})

describe('the package checks', () => {
  it('publint finds nothing', async () => {
    const { stdout } = await run('npm', ['exec', '--no', '--', 'publint', '--strict'], { cwd: root })
    expect(stdout).toContain('All good!')
  }, 30_000)

  it('are the types wrong finds nothing', async () => {
    const attw = ['exec', '--no', '--', 'attw', '--pack', '.', '--profile', 'esm-only', '--no-color']
    // It exits with 1 when it finds a problem; ESM-only leaves out how CommonJS would see the types.
    const { stdout } = await run('npm', attw, { cwd: root })
    expect(stdout).toContain('"leasehold/testing"')
  }, 60_000)
})
