import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { envFileOf } from '../../examples/platform/by-hand.ts'
import type { Platform } from '../../examples/platform/platform.ts'
import { SERVICES } from '../../examples/platform/services.ts'
import { startPlatform } from '../../examples/platform/start-platform.ts'
import { SONNENHOF } from '../../examples/schema/seed/platform-clinics.ts'
import { findDockerEngine } from '../../src/testing/rig/docker/index.ts'
import { provideBaseImages } from './support/base-images.ts'
import { Docker } from './support/docker.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const BUILD_LIMIT_MS = 1_200_000
/** Minutes of builds, and a registry or Debian's archive: not for every run. */
const isFull = process.env.LEASEHOLD_TEST_SIZE === 'full'
const engine = isFull
  ? await findDockerEngine()
  : { available: false as const, reason: 'Images are built with LEASEHOLD_TEST_SIZE=full.' }

describe('the images', () => {
  if (!engine.available) {
    it('are built by a Docker engine', ({ skip }) => skip(engine.reason))
    return
  }

  const docker = new Docker(engine.host)
  const containers = new Map<string, Promise<string>>()
  let platform: Platform

  beforeAll(async () => {
    if (engine.isPrivate) await provideBaseImages(docker)
    await docker.build('clinic-pgbouncer', `${ROOT}examples/pgbouncer`)
    for (const service of SERVICES) {
      const recipe = ['--file', `${ROOT}examples/Dockerfile`, '--build-arg', `SERVICE=${service}`]
      await docker.build(`clinic-${service}`, ROOT, ...recipe)
    }
    platform = await startPlatform({
      phase: 2,
      byHand: SERVICES,
      onProgress: (words) => {
        const service = /^Waiting for (\S+)\./.exec(words)?.[1]
        if (service) containers.set(service, start(service))
      },
    })
  }, BUILD_LIMIT_MS)

  afterAll(async () => {
    for (const container of containers.values()) await docker.run('rm', '--force', await container)
    await platform?.stop()
    await engine.stop()
  }, 120_000)

  const start = async (service: string) => {
    const options = ['--detach', '--network', 'host', '--env-file', envFileOf(service)]
    return (await docker.run('run', ...options, `clinic-${service}`)).trim()
  }

  it('hold a pgbouncer that knows prepared statements', async () => {
    const version = await docker.run(
      'run',
      '--rm',
      '--entrypoint',
      'pgbouncer',
      'clinic-pgbouncer',
      '--version',
    )
    const [, major, minor] = /^PgBouncer (\d+)\.(\d+)/.exec(version) ?? []
    expect([Number(major), Number(minor)]).toEqual([1, expect.toSatisfy((number) => number >= 21)])
  })

  it.each(SERVICES)('run %s as nobody in particular, and it says that it is well', async (service) => {
    const container = (await containers.get(service)) ?? ''
    expect(await docker.run('exec', container, 'id', '--user')).not.toBe('0\n')
    const check = await docker.run('inspect', '--format', '{{json .Config.Healthcheck.Test}}', container)
    const [, command = ''] = JSON.parse(check) as readonly string[]
    await docker.run('exec', container, 'sh', '-c', command)
  })

  it('serve the load of all clinics', async () => {
    const load = await platform.startLoad({ shape: 'steady', perSecond: 40 })
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    const { figures, rows } = await load.stop()
    expect(figures.requests).toBeGreaterThan(100)
    expect(figures.errors).toBe(0)
    expect(rows.checked).toBeGreaterThan(0)
    expect(rows.foreign).toBe(0)
  })

  it('show pages of a clinic', async () => {
    const page = await fetch(`${platform.address('clinic')}/login`, {
      headers: { 'x-forwarded-host': `${SONNENHOF.slug}.clinic.platform.localhost` },
    })
    expect(page.status).toBe(200)
    expect(await page.text()).toContain(SONNENHOF.name)
  })

  it.each(SERVICES)('stop %s by SIGTERM, in good order', async (service) => {
    const container = (await containers.get(service)) ?? ''
    await docker.run('stop', '--time', '20', container)
    const code = (await docker.run('inspect', '--format', '{{.State.ExitCode}}', container)).trim()
    expect(code).toBe('0')
  })
})
