import { type ChildProcess, fork } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { JobNews, JobOrder } from './job-worker.ts'

const WORKER = fileURLToPath(new URL('job-worker.ts', import.meta.url))
const MOST_MS = 60_000

/** Where a job is killed: so many milliseconds after it began its step of that number. */
export interface KillMoment {
  readonly number: number
  readonly afterMs: number
}

/**
 * Starts a job in a process of its own, and strikes at a moment. The job is gone when this resolves; what it has left running in the
 * server may not be.
 *
 * @param strike kills the process, or what it works with
 * @returns the step at which it struck; nothing where the job was done before
 */
export async function killJob(
  order: JobOrder,
  { number, afterMs }: KillMoment,
  strike: (job: ChildProcess) => unknown,
): Promise<string | undefined> {
  const job = fork(WORKER, [JSON.stringify(order)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  // What it says of the lost server is expected, and must not fill its pipe.
  job.stderr?.resume()
  const ended = new Promise<void>((resolve) => job.once('exit', () => resolve()))
  const limit = setTimeout(() => job.kill('SIGKILL'), MOST_MS)
  let struckAt: string | undefined
  try {
    const reached = new Promise<string>((resolve) => {
      job.on('message', (news: JobNews) => {
        if (news.number === number) resolve(news.step)
      })
    })
    const step = await Promise.race([reached, ended])
    if (step !== undefined) {
      await sleep(afterMs)
      if (job.exitCode === null) struckAt = step
      await strike(job)
    }
    await ended
  } finally {
    clearTimeout(limit)
    if (job.exitCode === null && job.signalCode === null) job.kill('SIGKILL')
  }
  return struckAt
}
