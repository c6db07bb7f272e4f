import { ConfigError } from '../errors/config.ts'
import type { Command } from './command.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { explainFailure } from './explain-failure.ts'
import { suggest } from './nearest.ts'
import type { Terminal } from './terminal.ts'
import { overview, usageOf } from './usage.ts'

/**
 * Does what a command line says. Never throws: what goes wrong is written to standard error, and decides the exit code.
 *
 * @param args without the program's own name
 */
export async function runCommandLine(
  args: readonly string[],
  commands: readonly Command[],
  terminal: Terminal,
): Promise<ExitCode> {
  try {
    return await dispatch(args, commands, terminal)
  } catch (error) {
    const { message, exitCode } = explainFailure(error)
    terminal.note(message)
    return exitCode
  }
}

async function dispatch(
  args: readonly string[],
  commands: readonly Command[],
  terminal: Terminal,
): Promise<ExitCode> {
  const command = commands.find(({ name }) => name.split(' ').every((word, index) => args[index] === word))
  const asksForHelp = args.includes('--help') || args.includes('-h')
  if (command) {
    if (!asksForHelp) return command.start(args.slice(command.name.split(' ').length), terminal)
    terminal.print(usageOf(command))
    return EXIT.done
  }
  const [first] = args
  if (first === '--version') {
    terminal.print(terminal.version)
    return EXIT.done
  }
  if (asksForHelp || first === 'help') {
    terminal.print(overview(commands))
    return EXIT.done
  }
  if (first === undefined) {
    terminal.note(overview(commands))
    return EXIT.usage
  }
  const names = commands.map(({ name }) => name)
  const asked = args.slice(0, names.some((name) => name.startsWith(`${first} `)) ? 2 : 1).join(' ')
  throw new ConfigError(
    `leasehold: there is no command ${JSON.stringify(asked)}.${suggest(asked, names)} Commands are: ${names.join(', ')}.`,
  )
}
