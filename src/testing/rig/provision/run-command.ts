import { type ExecFileException, execFile } from 'node:child_process'
import { RigProvisionError } from './rig-provision-error.ts'

/** How to run a command; the limit is not optional. */
export interface RunCommandOptions {
  /** After this many milliseconds the command is killed with SIGKILL. */
  readonly timeoutMs: number
  readonly cwd?: string
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>
}

/** What a command printed. */
export interface CommandOutput {
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs a command to its end, without a shell.
 *
 * @throws {RigProvisionError} when it cannot be started, exits other than 0, or exceeds its time.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  options: RunCommandOptions,
): Promise<CommandOutput> {
  const { timeoutMs, cwd, env } = options
  return new Promise((resolve, reject) => {
    execFile(
      command,
      args,
      {
        cwd,
        // Messages are parsed, so they must not be translated.
        env: { ...process.env, LC_ALL: 'C', ...env },
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        if (error === null) resolve({ stdout, stderr })
        else reject(commandError([command, ...args].join(' '), error, `${stdout}\n${stderr}`, timeoutMs))
      },
    )
  })
}

function commandError(
  line: string,
  error: ExecFileException,
  output: string,
  timeoutMs: number,
): RigProvisionError {
  const how = error.killed ? `did not end within ${timeoutMs} ms` : `failed (${String(error.code)})`
  const tail = output.trim().split('\n').slice(-12).join('\n')
  return new RigProvisionError(`\`${line}\` ${how}${tail === '' ? '' : `:\n${tail}`}`, { cause: error })
}
