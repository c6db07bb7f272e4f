import { once } from 'node:events'
import { join } from 'node:path'
import type { Program } from './provision/index.ts'
import { RigError } from './rig-error.ts'
import type { RunFolder } from './run-folder.ts'
import { ServerLog } from './server-log.ts'

/**
 * Runs a program in a run's folder as the servers' user, and waits for it to end well.
 *
 * @param name Names its log.
 */
export async function runToEnd(
  folder: RunFolder,
  name: string,
  program: Pick<Program, 'command' | 'args' | 'env'>,
  timeoutMs: number,
): Promise<void> {
  const log = new ServerLog(join(folder.path, `${name}.log`))
  await log.skipPresent()
  const { child } = await folder.spawn(program, name)
  const line = [program.command, ...program.args].join(' ')
  child.ref()
  try {
    if (child.exitCode === null && child.signalCode === null) {
      await once(child, 'exit', { signal: AbortSignal.timeout(timeoutMs) })
    }
  } catch (cause) {
    child.kill('SIGKILL')
    throw new RigError(
      `\`${line}\` did not end within ${timeoutMs} ms. ${await log.tail()}\nGive the machine less to do.`,
      { cause },
    )
  }
  if (child.exitCode === 0) return
  const how = child.signalCode ?? `exit code ${child.exitCode}`
  throw new RigError(
    `\`${line}\` ended with ${how}. ${await log.tail()}\n` +
      "Look for a full disk, or for programs that the servers' user cannot read.",
  )
}
