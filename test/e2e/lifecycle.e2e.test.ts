import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'

/** What `npm run platform` runs. */
const COMMAND = fileURLToPath(new URL('../../examples/platform/main.ts', import.meta.url))
const ARGS = ['--phase', '1', '--load', '--services', 'identity,core-api']
const LEFT_LIMIT_MS = 10_000

let running: ChildProcess | undefined
afterEach(() => {
  running?.kill('SIGKILL')
})

describe('a platform', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'that is ended by %s leaves no process and no folder',
    async (signal) => {
      const { child, folder } = await startCommand()
      expect(processesIn(folder).length).toBeGreaterThanOrEqual(2)
      const exited = once(child, 'exit')
      child.kill(signal)
      const [code] = await exited
      if (signal !== 'SIGKILL') expect(code).toBe(0)
      const deadlineMs = performance.now() + LEFT_LIMIT_MS
      while (performance.now() < deadlineMs && (existsSync(folder) || processesIn(folder).length > 0))
        await sleep(100)
      expect(existsSync(folder)).toBe(false)
      expect(processesIn(folder)).toEqual([])
    },
    60_000,
  )
})

async function startCommand(): Promise<{ child: ChildProcess; folder: string }> {
  const child = spawn(process.execPath, [COMMAND, ...ARGS], { stdio: ['ignore', 'pipe', 'inherit'] })
  running = child
  if (!child.stdout || child.pid === undefined) throw new Error('The command was not started.')
  for await (const line of createInterface({ input: child.stdout })) {
    // The load runs: everything has been started.
    if (/requests\/s/.test(line)) return { child, folder: folderOf(child.pid) }
  }
  throw new Error('The platform did not start.')
}

/** Where the services of a platform work: in the rig's folder. */
function folderOf(platform: number): string {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      const cwd = readlinkSync(`/proc/${pid}/cwd`)
      if (parent === platform && cwd.endsWith('/services')) return dirname(cwd)
    } catch {
      // Ended meanwhile, or somebody else's.
    }
  }
  throw new Error('No service of the platform runs.')
}

/** Processes that work in a folder, or in one that is on its way out (`~`). */
function processesIn(folder: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)
      } catch {
        return false
      }
    })
}
