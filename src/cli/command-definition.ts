import type { ExitCode } from './exit-code.ts'
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

/** What the options of a command were given as. */
export type ValuesOf<Options extends CommandOptions> = {
  readonly [Name in keyof Options]: ValueOf<Options[Name]>
}

type ValueOf<Option extends CommandOption> = Option extends { readonly type: 'boolean' }
  ? boolean
  : Option extends { readonly multiple: true }
    ? readonly string[]
    : string | undefined
