import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { rigDirectory } from '../../../src/testing/rig/provision/index.ts'
import { listProcesses, reap } from '../../../src/testing/rig/reaper.ts'
import { startRig } from '../../../src/testing/rig/start-rig.ts'
import { expectNothingLeft, leftovers } from './leftovers.ts'

const script = fileURLToPath(new URL('crash-child.ts', import.meta.url))
const runs = join(await rigDirectory(), 'runs')

function start(ending: string): ChildProcess {
  // In a process group of its own, as a command at a terminal is.
  const child = spawn(process.execPath, [script, ending], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** A rig directory that no other test's rig sweeps, with the same programs; answers its folder of runs. */
async function privateRigDirectory(): Promise<string> {
  const shared = await rigDirectory()
  const directory = await mkdtemp('/var/tmp/leasehold-rig-private-')
  await chmod(directory, 0o755)
  await Promise.all(
    ['programs', 'clusters'].map((name) => symlink(join(shared, name), join(directory, name))),
  )
  vi.stubEnv('LEASEHOLD_RIG_DIR', directory)
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    const runs = join(directory, 'runs')
    // Nothing unless the test has failed.
    await Promise.all(readdirSync(runs).map((name) => reap(join(runs, name), join(runs, `${name}~`))))
    await rm(directory, { recursive: true, force: true })
  })
  return join(directory, 'runs')
}

async function started(child: ChildProcess): Promise<{ directory: string; pids: number[] }> {
  const [line] = await once(child.stdout ?? child, 'data')
  return JSON.parse(String(line))
}

function watchdogOf(child: ChildProcess): number {
  const watchdogs = listProcesses().filter(({ pid, parent }) => {
    return parent === child.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--eval')
  })
  expect(watchdogs).toHaveLength(1)
  return watchdogs[0]?.pid ?? 0
}

describe('of a rig nothing is left', () => {
  it.each(['SIGKILL', 'SIGINT'] as const)('when its process group gets %s', async (signal) => {
    const child = start('wait')
    const { pids } = await started(child)
    expect(pids.length).toBeGreaterThan(10)
    expect(leftovers(runs, child.pid, pids).length).toBeGreaterThan(pids.length)
    // What Ctrl-C at a terminal does.
    process.kill(-(child.pid ?? 0), signal)
    expect(await once(child, 'exit')).toEqual([null, signal])
    await expectNothingLeft(runs, child.pid, pids)
  })

  it('when its process ends by an exception that nobody catches', async () => {
    const child = start('throw')
    const [{ pids }, [code]] = await Promise.all([started(child), once(child, 'exit')])
    expect(code).toBe(1)
    await expectNothingLeft(runs, child.pid, pids)
  })

  it('when its process forgets it: nothing of it keeps the process running', async () => {
    const child = start('forget')
    const [{ pids }, [code]] = await Promise.all([started(child), once(child, 'exit')])
    expect(code).toBe(0)
    await expectNothingLeft(runs, child.pid, pids)
  })

  it.each([120, 240, 360, 480])('when its process is killed %i ms after it began to start', async (ms) => {
    const child = start('wait')
    await sleep(ms)
    child.kill('SIGKILL')
    await once(child, 'exit')
    await expectNothingLeft(runs, child.pid)
  })

  it('when its process is killed before its watchdog is ready, which then has nobody to tell', async () => {
    const child = start('wait')
    await vi.waitUntil(() => leftovers(runs, child.pid, []).length > 0, { timeout: 20_000, interval: 2 })
    child.kill('SIGKILL')
    await once(child, 'exit')
    await expectNothingLeft(runs, child.pid)
  })

  it('when all its processes are asked to end at once, as service managers do, the watchdog too', async () => {
    const child = start('wait')
    const { pids } = await started(child)
    process.kill(watchdogOf(child), 'SIGTERM')
    child.kill('SIGTERM')
    await expectNothingLeft(runs, child.pid, pids)
  })

  it('when its watchdog is killed with it, once the next rig starts', async () => {
    const elsewhere = await privateRigDirectory()
    const child = start('wait')
    const { pids } = await started(child)
    process.kill(watchdogOf(child), 'SIGKILL')
    child.kill('SIGKILL')
    await once(child, 'exit')
    await sleep(300)
    expect(leftovers(elsewhere, child.pid, pids).length).toBeGreaterThan(pids.length)
    await using _next = await startRig({ standbys: 0, redis: false })
    expect(leftovers(elsewhere, child.pid, pids)).toEqual([])
  })
})

describe('a rig of a living process', () => {
  it('goes on through Ctrl-C while the process puts its affairs in order', async () => {
    const child = start('say good-bye')
    const { pids } = await started(child)
    process.kill(-(child.pid ?? 0), 'SIGINT')
    expect(await once(child, 'exit')).toEqual([7, null])
    expect(leftovers(runs, child.pid, pids)).toEqual([])
  })

  it('is left alone when it lives in another container, where process ids mean something else', async () => {
    const folder = join(runs, '1-0-pid0.elsewhere')
    await mkdir(folder)
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    await using _next = await startRig({ standbys: 0, redis: false })
    expect(existsSync(folder)).toBe(true)
  })

  it('is left alone by the next rig that starts elsewhere', async () => {
    const child = start('wait')
    const { pids } = await started(child)
    await using _next = await startRig({ standbys: 0, redis: false })
    expect(leftovers(runs, child.pid, pids).length).toBeGreaterThan(pids.length)
    child.kill('SIGTERM')
    await expectNothingLeft(runs, child.pid, pids)
  })
})
