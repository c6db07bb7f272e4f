import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { envFileOf } from '../../examples/platform/by-hand.ts'
import type { Platform } from '../../examples/platform/platform.ts'
import { SERVICES, type ServiceName } from '../../examples/platform/services.ts'
import { startPlatform } from '../../examples/platform/start-platform.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const WAITING = /^Waiting for (\S+)\. In another terminal: (.+)$/

describe('every service, started by hand as its README says', () => {
  const hands = new Map<string, ChildProcess>()
  const printed = new Map<string, string>()
  let platform: Platform

  beforeAll(async () => {
    platform = await startPlatform({
      phase: 2,
      byHand: SERVICES,
      onProgress: (words) => {
        const [, service, command] = WAITING.exec(words) ?? []
        if (service && command) {
          printed.set(service, command)
          hands.set(service, runInTerminal(commandsOf(service)[1] ?? ''))
        }
      },
    })
  }, 240_000)

  afterAll(async () => {
    for (const { pid } of hands.values()) if (pid !== undefined) process.kill(-pid, 'SIGTERM')
    await platform?.stop()
    for (const service of SERVICES) expect(existsSync(envFileOf(service)), service).toBe(false)
  })

  it.each(SERVICES)('%s is told by its README and by the platform how', (service) => {
    const [first, second] = commandsOf(service)
    expect(first).toBe(`npm run platform -- --by-hand ${service}`)
    expect(second).toBe(printed.get(service))
  })

  it.each(SERVICES)('%s is ready with what its file tells, which nobody else may read', async (service) => {
    const { status } = await fetch(`${platform.address(service)}/readyz`)
    expect(status).toBe(200)
    expect(statSync(envFileOf(service)).mode & 0o077).toBe(0)
  })

  it('can be stopped and started again beside the others', async () => {
    const { pid } = hands.get('core-api') ?? {}
    if (pid === undefined) throw new Error('The Core API was not started.')
    process.kill(-pid, 'SIGTERM')
    await vi.waitFor(() => expect(statusOf(platform, 'core-api')).rejects.toThrow(), 15_000)
    hands.set('core-api', runInTerminal(commandsOf('core-api')[1] ?? ''))
    await vi.waitFor(async () => expect(await statusOf(platform, 'core-api')).toBe(200), 30_000)
  }, 60_000)

  it('is refused where there is a file of somebody else', async () => {
    await expect(startPlatform({ phase: 1, services: ['identity'], byHand: ['identity'] })).rejects.toThrow(
      'examples/identity/.env is there already',
    )
    expect(existsSync(envFileOf('identity'))).toBe(true)
  }, 60_000)
})

async function statusOf(platform: Platform, service: ServiceName): Promise<number> {
  return (await fetch(`${platform.address(service)}/readyz`)).status
}

/** The commands of the first block in a README that has a service started by hand, without what is said of them. */
function commandsOf(service: string): readonly string[] {
  const readme = readFileSync(new URL(`../../examples/${service}/README.md`, import.meta.url), 'utf8')
  const blocks = readme.matchAll(/```sh\n(.*?)```/gs)
  const block = [...blocks].map(([, text = '']) => text).find((text) => text.includes('--by-hand')) ?? ''
  return block
    .trim()
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, ''))
}

/** In a process group of its own, with the environment of a terminal: nothing that a service is told. */
function runInTerminal(command: string): ChildProcess {
  const { PATH, HOME } = process.env
  return spawn(command, { shell: true, cwd: ROOT, env: { PATH, HOME }, stdio: 'ignore', detached: true })
}
