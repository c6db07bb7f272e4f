import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { dockerRequest } from '../../../../src/testing/rig/docker/docker-request.ts'
import { startPrivateEngine } from '../../../../src/testing/rig/docker/private-engine.ts'
import { rigDirectory } from '../../../../src/testing/rig/provision/index.ts'
import { waitUntil } from '../../../../src/testing/rig/wait-until.ts'

const mayStartOne = process.env.LEASEHOLD_DOCKER === 'install' && process.getuid?.() === 0

describe.skipIf(!mayStartOne)('a private Docker engine (with LEASEHOLD_DOCKER=install, as root)', () => {
  it('ends with its containers when the process that started it is killed', {
    timeout: 300_000,
  }, async () => {
    const { owner, host } = await startOwner()
    const folder = join(await rigDirectory(), 'docker')
    const daemon = Number(await readFile(join(folder, 'docker.pid'), 'utf8'))
    expect(await containers(host)).toHaveLength(1)

    owner.kill('SIGKILL')
    await once(owner, 'exit')

    await waitUntil(async () => !(await isAlive(daemon)), {
      timeoutMs: 20_000,
      onTimeout: () => new Error(`dockerd (${daemon}) outlived its owner.`),
    })
    const successor = await startPrivateEngine()
    try {
      expect(await containers(successor.host)).toEqual([])
    } finally {
      await successor.stop()
    }
    await expect(access(join(folder, 'docker.pid'))).rejects.toThrow('ENOENT')
  })

  it('can be started at once after the one whose owner was killed', { timeout: 300_000 }, async () => {
    const { owner } = await startOwner()
    owner.kill('SIGKILL')
    await once(owner, 'exit')
    const successor = await startPrivateEngine()
    try {
      expect(await containers(successor.host)).toEqual([])
    } finally {
      await successor.stop()
    }
  })
})

/** A process that has a private engine with one container. */
async function startOwner(): Promise<{ owner: ChildProcess; host: string }> {
  const script = fileURLToPath(new URL('keep-engine.ts', import.meta.url))
  const owner = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => {
    owner.kill('SIGKILL')
  })
  const signal = AbortSignal.timeout(280_000)
  const host = await Promise.race([
    once(owner.stdout, 'data', { signal }).then(([line]) => String(line).trim()),
    once(owner, 'exit', { signal }).then(([code]) => Promise.reject(new Error(`It ended with ${code}.`))),
  ])
  return { owner, host }
}

/** The containers of an engine, ended ones too. */
async function containers(host: string): Promise<unknown[]> {
  const { text } = await dockerRequest(host, {
    method: 'GET',
    path: '/containers/json?all=true',
    timeoutMs: 5_000,
  })
  return JSON.parse(text)
}

/** A process that has ended and waits for its parent to notice has no command line any more. */
async function isAlive(pid: number): Promise<boolean> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')) !== ''
}
