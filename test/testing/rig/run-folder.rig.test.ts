import { existsSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { listProcesses } from '../../../src/testing/rig/reaper.ts'
import { RunFolder } from '../../../src/testing/rig/run-folder.ts'
import { runToEnd } from '../../../src/testing/rig/run-to-end.ts'

const shell = (script: string) => ({ command: '/bin/sh', args: ['-c', script], env: {} })
const isAlive = (id: number) => listProcesses().some(({ pid, state }) => pid === id && state !== 'Z')

it('ends what was started in it, wherever that works now, and is gone', async () => {
  const folder = await RunFolder.open()
  const { pid } = await folder.spawn(shell('cd / && echo moved && exec sleep 60'), 'mover')
  await expect.poll(() => readFileSync(join(folder.path, 'mover.log'), 'utf8')).toBe('moved\n')
  await folder.remove()
  expect(isAlive(pid)).toBe(false)
  expect(existsSync(folder.path)).toBe(false)
})

it('starts nothing once it was removed', async () => {
  const folder = await RunFolder.open()
  await folder.remove()
  await expect(folder.spawn(shell('sleep 60'), 'late')).rejects.toThrow('its rig was stopped')
})

it('starts nothing that it cannot write down', async () => {
  const folder = await RunFolder.open()
  await rm(join(folder.path, 'processes'), { recursive: true })
  const { child } = await folder.spawn(shell('echo started'), 'unknown')
  // It may have ended before `spawn` has settled, so its exit code is asked for, not its event.
  await expect.poll(() => child.exitCode, { timeout: 5_000 }).not.toBeNull()
  expect(child.exitCode).not.toBe(0)
  expect(readFileSync(join(folder.path, 'unknown.log'), 'utf8')).not.toContain('started')
  await folder.remove()
})

it('gives programs none of the environment that changes what servers do', async () => {
  const folder = await RunFolder.open()
  process.env.PGOPTIONS = '-c work_mem=1MB'
  await runToEnd(folder, 'environment', shell('env'), 5_000)
  delete process.env.PGOPTIONS
  expect(readFileSync(join(folder.path, 'environment.log'), 'utf8')).not.toContain('PGOPTIONS')
  await folder.remove()
})

it('says what a program printed that failed or did not end', async () => {
  const folder = await RunFolder.open()
  const failing = runToEnd(folder, 'failing', shell('echo no room; exit 3'), 5_000)
  await expect(failing).rejects.toThrow(/ended with exit code 3\. Its log ends:\nno room/)
  const hanging = runToEnd(folder, 'hanging', shell('echo thinking; exec sleep 60'), 200)
  await expect(hanging).rejects.toThrow(/did not end within 200 ms\. Its log ends:\nthinking/)
  await folder.remove()
})
