import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, inject, it } from 'vitest'
import { startPgbouncer } from '../../../src/testing/rig/start-pgbouncer.ts'
import { CliDatabase } from '../cli-database.ts'
import { lastLine, runCli } from '../run-cli.ts'
import { ScratchFolder } from '../scratch-folder.ts'

/** A database with a table in months, its roles, and the command over it. */
async function openLog({ retain = 3, months = 'generate_series(-8, -1)' } = {}) {
  const database = await CliDatabase.create()
  const suffix = database.name.slice(3)
  const [owner, job, archiver] = ['owner', 'job', 'archiver'].map((word) => `cli_${word}_${suffix}`) as [
    string,
    string,
    string,
  ]
  await database.admin.query(`create role ${owner}; grant create, usage on schema public to ${owner}; set role ${owner};
    create table audit_log (tenant_id int not null, at timestamptz not null, body text, primary key (tenant_id, at)) partition by range (at);
    alter table audit_log enable row level security; alter table audit_log force row level security;
    create policy tenant on audit_log to app using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::int);
    grant select, insert on audit_log to app; reset role;`)
  const archive = mkdtempSync(join(tmpdir(), 'leasehold-archive-'))
  const folder = new ScratchFolder({
    'leasehold.config.json': JSON.stringify({
      partitions: {
        tables: {
          audit_log: {
            key: 'at',
            keyType: 'timestamptz',
            every: 'month',
            retain: { months: retain },
            graceDays: 0,
            archive: { format: 'ndjson.gz', sink: pathToFileURL(archive).href },
          },
        },
      },
    }),
  })
  const run = (command: string, ...args: string[]) =>
    runCli(['partitions', ...command.split(' '), ...args], {
      cwd: folder.path,
      env: { LEASEHOLD_URL: database.urlAs(job), LEASEHOLD_ARCHIVER_URL: database.urlAs(archiver) },
    })
  const setup = await run('setup', '--owner', owner, '--job-role', job, '--archiver-role', archiver)
  await database.admin.query(setup.stdout)
  // Months as they were made by hand, before there was a job.
  const { rows } = await database.admin.query(`
    select format('create table public_parts.%I partition of audit_log for values from (%L) to (%L)',
      to_char(low, '"audit_log_"YYYY_MM'), low::text || '+00', (low + interval '1 month')::text || '+00') as sql, low
    from ${months} as n, lateral (select date_trunc('month', now() at time zone 'UTC') + n * interval '1 month' as low) as month`)
  for (const { sql, low } of rows) {
    await database.admin.query(`set role ${owner}; ${sql}; reset role`)
    await database.admin.query('insert into audit_log values (1, $1, $2), (2, $1, $2)', [low, 'kept'])
  }
  const partitions = async () =>
    (
      await database.admin.query(
        "select relname from pg_class where relispartition and relkind = 'r' order by 1",
      )
    ).rows.map(({ relname }) => relname as string)
  return {
    database,
    owner,
    run,
    partitions,
    admin: database.admin,
    [Symbol.asyncDispose]: async () => {
      folder[Symbol.dispose]()
      rmSync(archive, { recursive: true, force: true })
      await database[Symbol.asyncDispose]()
      const { admin } = await CliDatabase.create().then((other) => ({ admin: other }))
      await admin.admin.query(`drop role ${owner}, ${job}, ${archiver}`)
      await admin[Symbol.asyncDispose]()
    },
  }
}

describe('leasehold partitions', () => {
  it('plans, shows what it would send, does it, and has nothing left', async () => {
    await using log = await openLog({ retain: 24 })
    const plan = await log.run('plan')
    expect(plan.code, plan.stderr).toBe(3)
    const dry = await log.run('apply', '--dry-run')
    expect(dry.stdout).toBe(plan.stdout)
    const applied = await log.run('apply', '--json')
    expect(applied.code, applied.stderr).toBe(0)
    expect(applied.stderr).toMatch(/^1\/\d+ prepare\/.+\n {2}done in \d+ ms$/m)
    const { done } = JSON.parse(lastLine(applied))
    for (const { sql } of done) expect(plan.stdout).toContain(sql)
    expect((await log.run('plan')).code).toBe(0)
    expect(await log.run('apply')).toMatchObject({ code: 0, stdout: 'Steps done: 0.\n' })
    expect((await log.run('check')).stdout).toBe('Found: nothing.\n')
  }, 60_000)

  it('runs one phase only, and refuses one that there is none of', async () => {
    await using log = await openLog({ retain: 24 })
    const premade = await log.run('apply', '--only', 'prepare', '--only', 'premake', '--json')
    expect(premade.code, premade.stderr).toBe(0)
    const phases = new Set(JSON.parse(lastLine(premade)).done.map(({ phase }: { phase: string }) => phase))
    expect([...phases]).toEqual(['prepare', 'premake'])
    const wrong = await log.run('apply', '--only', 'premade')
    expect(wrong).toMatchObject({ code: 2, stdout: '' })
    expect(wrong.stderr).toContain('Did you mean premake?')
  }, 60_000)

  it('names the locks of each step', async () => {
    await using log = await openLog()
    const { code, stdout } = await log.run('plan', '--explain-locks')
    expect(code).toBe(3)
    expect(stdout).toContain('SHARE UPDATE EXCLUSIVE on public.audit_log')
    expect(stdout).not.toMatch(/create table/i)
  })

  it('ends with 75 where another run is under way', async () => {
    await using log = await openLog()
    await log.admin.query(
      "select pg_advisory_lock(hashtextextended('leasehold:part:' || 'audit_log'::regclass::oid, 0))",
    )
    const busy = await log.run('apply')
    expect(busy).toMatchObject({ code: 75, stdout: '' })
    expect(busy.stderr).toContain('Another run')
  }, 60_000)

  it('finds what was opened, prints what mends it, and applies it', async () => {
    await using log = await openLog({ retain: 24 })
    await log.run('apply')
    const [oldest = ''] = await log.partitions()
    await log.admin.query(`grant select on public_parts.${oldest} to app`)
    const found = await log.run('check', '--json')
    expect(found.code).toBe(3)
    expect(JSON.parse(lastLine(found)).findings).toMatchObject([
      { rule: 'partition-grants', severity: 'error', object: `public_parts.${oldest}` },
    ])
    expect((await log.run('check', '--fix')).stdout).toContain(
      `revoke all on table "public_parts"."${oldest}" from "app" cascade;`,
    )
    expect((await log.run('apply')).code).toBe(0)
    expect((await log.run('check')).code).toBe(0)
  }, 60_000)

  it('retires, archives, drops, verifies and restores', async () => {
    await using log = await openLog()
    const [oldest = '', second = ''] = await log.partitions()
    const retired = await log.run('apply')
    expect(retired.code, retired.stderr).toBe(0)
    expect(await log.partitions()).not.toContain(oldest)
    const verified = await log.run('verify', oldest)
    expect(verified.code, verified.stderr).toBe(0)
    expect(verified.stdout).toContain('Broken: 0.')
    // No days of grace: the next run drops it, and retires the next one.
    const dropped = await log.run('apply', '--json')
    expect(dropped.code, dropped.stderr).toBe(0)
    expect((await log.admin.query('select from pg_class where relname = $1', [oldest])).rowCount).toBe(0)
    expect(await log.partitions()).not.toContain(second)
    // One comes back from its archive, the other is attached again.
    for (const name of [oldest, second]) {
      const restored = await log.run('restore', name)
      expect(restored.code, restored.stderr).toBe(0)
    }
    expect(await log.partitions()).toEqual(expect.arrayContaining([oldest, second]))
    const { rows } = await log.admin.query("select count(*)::int as n from audit_log where body = 'kept'")
    expect(rows).toEqual([{ n: 16 }])
    expect((await log.run('apply')).code).toBe(0)
    expect(await log.partitions()).toEqual(expect.arrayContaining([oldest, second]))
  }, 120_000)

  it('keeps what is held', async () => {
    await using log = await openLog()
    await log.run('apply', '--only', 'prepare', '--only', 'reconcile')
    const [oldest = ''] = await log.partitions()
    const held = await log.run('hold', oldest, '--reason', 'case 7')
    expect(held.code, held.stderr).toBe(0)
    expect((await log.run('hold')).stdout).toBe(`public.audit_log, ${oldest}: case 7\n`)
    await log.run('apply')
    expect(await log.partitions()).toContain(oldest)
    expect((await log.run('explain')).stdout).toContain('held: case 7')
    expect((await log.run('hold', oldest, '--release')).code).toBe(0)
    await log.run('apply')
    await log.run('apply')
    expect(await log.partitions()).not.toContain(oldest)
    expect((await log.run('hold', 'audit_log_1999_01', '--reason', 'x')).code).toBe(3)
    expect((await log.run('hold', oldest)).code).toBe(2)
  }, 120_000)

  it('converts a plain table, takes that back, and rescues a DEFAULT partition', async () => {
    await using log = await openLog({ retain: 24, months: 'generate_series(0, -1)' })
    const { admin, owner } = log
    const kindOf = async () =>
      (await admin.query("select relkind as kind from pg_class where oid = 'audit_log'::regclass")).rows[0]
        .kind
    const rowsOf = async () => (await admin.query('select count(*)::int as n from audit_log')).rows[0].n
    await admin.query(`set role ${owner}; alter table audit_log rename to was_partitioned;
      create table audit_log (like was_partitioned including all); alter table audit_log enable row level security;
      alter table audit_log force row level security; reset role;
      insert into audit_log values (1, now(), 'plain'), (2, now(), 'plain')`)
    expect((await log.run('plan')).stderr).toContain('leasehold partitions convert audit_log')
    const dry = await log.run('convert', 'audit_log', '--dry-run')
    expect(dry.code, dry.stderr).toBe(3)
    expect(await kindOf()).toBe('r')
    const converted = await log.run('convert', 'audit_log')
    expect(converted.code, converted.stderr).toBe(0)
    expect([await kindOf(), await rowsOf()]).toEqual(['p', 2])
    const back = await log.run('unconvert')
    expect(back.code, back.stderr).toBe(0)
    expect([await kindOf(), await rowsOf()]).toEqual(['r', 2])

    await admin.query(`set role ${owner}; alter table audit_log rename to was_plain; alter table was_partitioned rename to audit_log;
      create table public_parts.audit_log_default partition of audit_log default; reset role;
      insert into audit_log values (1, now(), 'stray')`)
    const adopted = await log.run('adopt')
    expect(adopted.code, adopted.stderr).toBe(0)
    expect(await rowsOf()).toBe(1)
    expect(await log.partitions()).not.toContain('audit_log_default')
    const applied = await log.run('apply')
    expect(applied.code, applied.stderr).toBe(0)
    expect((await log.run('check')).stdout).toBe('Found: nothing.\n')
  }, 120_000)

  it('refuses a pooler, and a table that is none of the set', async () => {
    await using log = await openLog()
    await using pooler = await startPgbouncer({
      version: '1.24',
      target: inject('rig').primary,
      poolSize: 2,
      users: ['postgres'],
    })
    const url = `postgres://postgres@${pooler.host}:${pooler.port}/${log.database.name}`
    const pooled = await log.run('apply', '--url', url)
    expect(pooled.code).toBe(1)
    expect(pooled.stderr).toContain('leads to a pooler')
    expect((await log.run('plan', 'audit_lok')).stderr).toContain('Did you mean audit_log?')
  }, 60_000)
})
