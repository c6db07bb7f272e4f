import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { ChildTask } from './archive-child.ts'

const SCRIPT = fileURLToPath(new URL('./archive-child.ts', import.meta.url))
const LIMIT_MS = 20_000

/** How a child went. */
export interface ChildRun {
  readonly lines: readonly string[]
  readonly signal: NodeJS.Signals | null
}

/**
 * Archives in a child.
 *
 * @param options.fileBlocks largest file that it may write, in blocks of 1024 bytes
 * @param options.killAt sees each line, and says whether the child is to be killed now
 * @param options.killAfterMs kills it then, wherever it is
 */
export function runChild(
  task: ChildTask,
  options: { fileBlocks?: number; killAt?: (line: string) => boolean; killAfterMs?: number } = {},
): Promise<ChildRun> {
  const limit = options.fileBlocks === undefined ? '' : `ulimit -f ${options.fileBlocks}; `
  const child = spawn(
    'bash',
    ['-c', `${limit}exec "$0" "$@"`, process.execPath, SCRIPT, JSON.stringify(task)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const lines: string[] = []
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line)
    if (options.killAt?.(line)) child.kill('SIGKILL')
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), options.killAfterMs ?? LIMIT_MS)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (_, signal) => {
      clearTimeout(timer)
      resolve({ lines, signal })
    })
  })
}
