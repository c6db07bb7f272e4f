import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Program, pgbouncerProgram, redisProgram } from '../../../../src/testing/rig/provision/index.ts'

/** A first run downloads; every later one finds the programs in the rig's folder. */
const downloadMs = 120_000

describe('the server programs', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leasehold-programs-'))
    await chmod(folder, 0o755)
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await rm(folder, { recursive: true, force: true })
  })

  const versionOf = ({ command, args, env }: Program) =>
    spawnSync(command, [...args, '--version'], { env: { ...process.env, ...env }, encoding: 'utf8' }).stdout

  it('include pgbouncer 1.24 or later', { timeout: downloadMs }, async () => {
    const program = await pgbouncerProgram('1.24')
    expect(Number(program.version.split('.')[1])).toBeGreaterThanOrEqual(24)
    expect(versionOf(program)).toContain(`PgBouncer ${program.version}`)
  })

  it('include pgbouncer 1.18', { timeout: downloadMs }, async () => {
    const program = await pgbouncerProgram('1.18')
    expect(program.version).toMatch(/^1\.18\./)
    expect(versionOf(program)).toContain(`PgBouncer ${program.version}`)
  })

  it('include a Redis that answers', { timeout: downloadMs }, async () => {
    const { command, args, env } = await redisProgram()
    const socket = join(folder, 'redis.sock')
    const server = spawn(
      command,
      [...args, '--port', '0', '--unixsocket', socket, '--save', '', '--appendonly', 'no', '--dir', folder],
      { env: { ...process.env, ...env }, stdio: 'ignore' },
    )
    try {
      expect(await ping(socket, server)).toBe('+PONG')
    } finally {
      server.kill('SIGKILL')
      await once(server, 'exit')
    }
  })

  const script = (version: string) => `#!/bin/sh\necho "PgBouncer ${version}"\n`

  it('are taken from PATH where their version fits', async () => {
    await writeFile(join(folder, 'pgbouncer'), script('1.25.2'), { mode: 0o755 })
    vi.stubEnv('PATH', `${folder}:${process.env.PATH}`)
    expect(await pgbouncerProgram('1.24')).toEqual({
      command: join(folder, 'pgbouncer'),
      args: [],
      env: {},
      version: '1.25.2',
    })
  })

  it('are not taken from PATH where their version does not fit', { timeout: downloadMs }, async () => {
    await writeFile(join(folder, 'pgbouncer'), script('1.23.1'), { mode: 0o755 })
    vi.stubEnv('PATH', `${folder}:${process.env.PATH}`)
    for (const version of ['1.18', '1.24'] as const) {
      expect((await pgbouncerProgram(version)).version).not.toBe('1.23.1')
    }
  })
})

async function ping(path: string, server: ChildProcess): Promise<string> {
  const deadline = Date.now() + 10_000
  while (Date.now() < deadline && server.exitCode === null) {
    const socket = connect(path)
    try {
      await once(socket, 'connect')
      socket.write('PING\r\n')
      const [reply] = await once(socket, 'data', { signal: AbortSignal.timeout(5_000) })
      return String(reply).trim()
    } catch {
      await sleep(20)
    } finally {
      socket.destroy()
    }
  }
  throw new Error(`Redis did not answer on ${path}; exit code ${server.exitCode}.`)
}
