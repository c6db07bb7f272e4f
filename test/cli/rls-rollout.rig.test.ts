import { describe, expect, it } from 'vitest'
import { CliDatabase } from './cli-database.ts'
import { lastLine, runCli } from './run-cli.ts'
import { ScratchFolder } from './scratch-folder.ts'

const TABLE = 'create table visits (tenant_id uuid not null, id uuid primary key, body text);'
const IS_PROTECTED = "select relrowsecurity as on from pg_class where oid = 'public.visits'::regclass"

/** A database with a table that nothing protects, and the command over it. */
async function openTable(script = '') {
  const database = await CliDatabase.create(TABLE + script)
  const folder = new ScratchFolder()
  const run = (command: string, ...args: string[]) =>
    runCli(['rls', command, '--url', database.url, ...args], { cwd: folder.path })
  const isProtected = async () => (await database.admin.query(IS_PROTECTED)).rows[0].on
  const dispose = async () => {
    folder[Symbol.dispose]()
    await database[Symbol.asyncDispose]()
  }
  return { admin: database.admin, run, isProtected, [Symbol.asyncDispose]: dispose }
}

describe('leasehold rls rollout', () => {
  it('makes a table right, says so step by step, and leaves nothing to generate', async () => {
    await using table = await openTable()
    const rolledOut = await table.run('rollout', '--json')
    expect(rolledOut.code, rolledOut.stderr).toBe(0)
    expect(rolledOut.stderr).toMatch(/^1\/\d+ prepare: .+\n {2}done in \d+ ms$/m)
    const { done, left } = JSON.parse(lastLine(rolledOut))
    expect(done.length).toBeGreaterThan(0)
    expect(left).toEqual([])
    expect(await table.isProtected()).toBe(true)
    expect((await table.run('generate', '--check')).code).toBe(0)
    expect(await table.run('rollout')).toMatchObject({ code: 0, stdout: 'Steps done: 0.\n' })
  })

  it('shows the steps and changes nothing with --dry-run', async () => {
    await using table = await openTable()
    const dry = await table.run('rollout', '--dry-run')
    expect(dry.code).toBe(3)
    expect(dry.stdout).toMatch(/^-- Locks: .+ on public\.visits\.$/m)
    expect(await table.isProtected()).toBe(false)
  })

  it('ends with 3 where a phase is left', async () => {
    await using table = await openTable()
    const prepared = await table.run('rollout', '--through', 'prepare')
    expect(prepared.code).toBe(3)
    expect(prepared.stdout).toMatch(/the next of them in the phase enforce\.$/m)
    expect(await table.isProtected()).toBe(false)
    expect((await table.run('rollout', '--through', 'prepar')).code).toBe(2)
  })

  it('ends with 75 where another one is under way', async () => {
    await using table = await openTable()
    await table.admin.query("select pg_advisory_lock(hashtextextended('leasehold rls rollout', 0))")
    const busy = await table.run('rollout')
    expect(busy).toMatchObject({ code: 75, stdout: '' })
    expect(busy.stderr).toContain('Another rollout is under way')
    expect(await table.isProtected()).toBe(false)
  })

  it('lists what stands in the way', async () => {
    await using table = await openTable('create table countries (code text primary key);')
    const refused = await table.run('rollout')
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toMatch(/^- public\.countries: /m)
  })
})
