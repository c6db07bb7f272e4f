import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** Starts a script of this folder as a process of its own; its standard error joins the test's. */
export function startScript(
  name: string,
  args: readonly string[],
  options: Pick<SpawnOptions, 'env' | 'uid' | 'gid'> = {},
): ChildProcess {
  const script = fileURLToPath(new URL(name, import.meta.url))
  return spawn(process.execPath, [script, ...args], {
    ...options,
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 60_000,
  })
}

/** All that a process prints, once it has ended well. */
export async function outputOf(child: ChildProcess): Promise<string> {
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const [code, signal] = await once(child, 'close')
  if (code !== 0) throw new Error(`The script ended with ${code ?? signal}.`)
  return output
}

/** The first line that a process prints. */
export async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('The script has no standard output.')
  const [chunk] = await once(child.stdout, 'data', { signal: AbortSignal.timeout(20_000) })
  return String(chunk).trim()
}

/** Ends a process as a power cut would. */
export async function killAtOnce(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}
