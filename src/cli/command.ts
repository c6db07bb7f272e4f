import type { ExitCode } from './exit-code.ts'
import { readArguments, type ValuesOf } from './read-arguments.ts'
import type { Terminal } from './terminal.ts'

/** An option of the command line, as `util.parseArgs` takes it, and as usage shows it. */
export interface CommandOption {
  readonly type: 'string' | 'boolean'
  /** Whether it may be given more than once. */
  readonly multiple?: boolean
  /** What stands for its value, such as `<file>`. */
  readonly value?: string
  readonly help: string
}

export type CommandOptions = Readonly<Record<string, CommandOption>>

/** A command before its arguments have been read. */
export interface CommandDefinition<Options extends CommandOptions> {
  /** Its words, such as `rls generate`. */
  readonly name: string
  /** What it does, in a line. */
  readonly summary: string
  /** What may follow its options, such as `[schema.table ...]`. */
  readonly operands?: string
  readonly options: Options
  run(values: ValuesOf<Options>, operands: readonly string[], terminal: Terminal): Promise<ExitCode>
}

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
