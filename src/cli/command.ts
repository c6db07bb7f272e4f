import type { CommandDefinition, CommandOptions } from './command-definition.ts'
import type { ExitCode } from './exit-code.ts'
import { readArguments } from './read-arguments.ts'
import type { Terminal } from './terminal.ts'

/** A command, whatever its options are. */
export interface Command {
  readonly name: string
  readonly summary: string
  readonly operands?: string
  readonly options: CommandOptions
  /** @throws {ConfigError} when it is asked wrongly */
  start(args: readonly string[], terminal: Terminal): Promise<ExitCode>
}

/** Makes a command that reads its own arguments. */
export function defineCommand<const Options extends CommandOptions>(
  definition: CommandDefinition<Options>,
): Command {
  return {
    ...definition,
    start: async (args, terminal) => {
      const { values, operands } = readArguments(args, definition)
      return definition.run(values, operands, terminal)
    },
  }
}
