import { readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { listProcesses } from '../../../src/testing/rig/reaper.ts'

/** Within which all is cleaned up after a process that has ended, servers that were frozen included. */
const limitMs = 5_000

/**
 * What is left of a process's rigs: folders, processes that work in one, and processes by their ids.
 *
 * @param runs The folder of all runs.
 * @param owner The process that started the rigs.
 */
export function leftovers(runs: string, owner: number | undefined, pids: readonly number[]): string[] {
  const folders = readdirSync(runs).filter((name) => name.startsWith(`${owner}-`))
  const processes = listProcesses().filter(({ pid, state }) => {
    if (state === 'Z') return false
    if (pids.includes(pid)) return true
    try {
      return readlinkSync(`/proc/${pid}/cwd`).startsWith(join(runs, `${owner}-`))
    } catch {
      return false
    }
  })
  return [...folders, ...processes.map(({ pid }) => `process ${pid}`)]
}

export async function expectNothingLeft(
  runs: string,
  owner: number | undefined,
  pids: readonly number[] = [],
): Promise<void> {
  await expect.poll(() => leftovers(runs, owner, pids), { timeout: limitMs, interval: 20 }).toEqual([])
}
