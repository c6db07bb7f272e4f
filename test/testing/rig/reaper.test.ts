import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  endTree,
  freezeTree,
  killTree,
  listProcesses,
  livingTree,
  type ProcessEntry,
  reap,
  thawTree,
} from '../../../src/testing/rig/reaper.ts'

const entry = (pid: number, parent: number, state = 'S'): ProcessEntry => ({ pid, parent, state, born: '1' })

describe('the tree of a process', () => {
  it('holds the living descendants, parents first', () => {
    const entries = [entry(4, 3), entry(1, 0), entry(3, 2), entry(2, 1), entry(5, 2, 'Z'), entry(9, 8)]
    expect(livingTree([2], entries).map(({ pid }) => pid)).toEqual([2, 3, 4])
  })

  it('holds a process once that two roots lead to', () => {
    expect(livingTree([1, 2], [entry(1, 0), entry(2, 1), entry(3, 2)])).toHaveLength(3)
  })

  it('is empty for a process that is gone', () => {
    expect(livingTree([7], [entry(1, 0), entry(2, 7)])).toEqual([])
  })
})

describe('processes with children', () => {
  let folder: string
  let children: ChildProcess[]
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'leasehold-reaper-'))
    children = []
  })
  afterEach(async () => {
    await killTree(children.map(({ pid }) => pid ?? 0))
    rmSync(folder, { recursive: true, force: true })
  })

  /** A shell and its child. In the foreground, as a shell lets its background children ignore SIGQUIT. */
  async function startPair(cwd = '/', before = ''): Promise<{ parent: number; child: number }> {
    const script = `${before} /bin/sh -c 'echo $$; exec sleep 60'; :`
    const shell = spawn('/bin/sh', ['-c', script], { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(shell)
    const [output] = await once(shell.stdout, 'data')
    return { parent: shell.pid ?? 0, child: Number(output) }
  }
  const stateOf = (pid: number) => listProcesses().find((process) => process.pid === pid)?.state
  const isGone = (pid: number) => [undefined, 'Z'].includes(stateOf(pid))

  it('stop where they are and go on together', async () => {
    const { parent, child } = await startPair()
    freezeTree([parent])
    await expect.poll(() => [stateOf(parent), stateOf(child)]).toEqual(['T', 'T'])
    thawTree([parent])
    await expect.poll(() => [stateOf(parent), stateOf(child)]).toEqual(['S', 'S'])
  })

  it('are killed together, frozen or not', async () => {
    const { parent, child } = await startPair()
    freezeTree([parent])
    await killTree([parent])
    expect([parent, child].map(isGone)).toEqual([true, true])
  })

  it('heed the signal that asks even when they are frozen', async () => {
    const sleeper = spawn('sleep', ['60'])
    children.push(sleeper)
    const { pid = 0 } = sleeper
    freezeTree([pid])
    const exit = once(sleeper, 'exit')
    await endTree([pid], 'SIGTERM', 1_000)
    expect(await exit).toEqual([null, 'SIGTERM'])
  })

  it('end by SIGKILL when they do not heed the signal that asks', async () => {
    const { parent, child } = await startPair('/', "trap '' TERM;")
    await endTree([parent], 'SIGTERM', 100)
    expect([parent, child].map(isGone)).toEqual([true, true])
  })

  it('end with the folder that knows them, and those who work in it too', async () => {
    const known = await startPair()
    const run = join(folder, 'run')
    mkdirSync(join(run, 'processes'), { recursive: true })
    writeFileSync(join(run, 'processes', String(known.parent)), readFileSync(`/proc/${known.parent}/stat`))
    const resident = await startPair(run)
    await reap(run, `${run}~`, 50)
    expect([known.parent, known.child, resident.child].map(isGone)).toEqual([true, true, true])
    expect([existsSync(run), existsSync(`${run}~`)]).toEqual([false, false])
  })

  it('live on when a process id in the folder has become theirs', async () => {
    const stranger = await startPair()
    const run = join(folder, 'run')
    mkdirSync(join(run, 'processes'), { recursive: true })
    const stat = readFileSync(`/proc/${process.pid}/stat`, 'utf8')
    writeFileSync(join(run, 'processes', String(stranger.parent)), stat)
    await reap(run, `${run}~`)
    expect(existsSync(`${run}~`)).toBe(false)
    expect([stranger.parent, stranger.child].map(isGone)).toEqual([false, false])
  })

  it('are reaped once: the folder is gone for whoever comes second', async () => {
    const run = join(folder, 'run')
    mkdirSync(join(run, 'processes'), { recursive: true })
    await Promise.all([reap(run, `${run}~1`), reap(run, `${run}~2`)])
    expect([existsSync(`${run}~1`), existsSync(`${run}~2`)]).toEqual([false, false])
  })
})
