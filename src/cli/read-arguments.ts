import { parseArgs } from 'node:util'
import { ConfigError } from '../errors/config.ts'
import type { CommandDefinition, CommandOptions, ValuesOf } from './command-definition.ts'
import { suggest } from './nearest.ts'

/**
 * Reads the arguments of a command.
 *
 * @throws {ConfigError} that says what is wrong with them
 */
export function readArguments<Options extends CommandOptions>(
  args: readonly string[],
  { name, options, operands }: CommandDefinition<Options>,
): { readonly values: ValuesOf<Options>; readonly operands: readonly string[] } {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(options).map(([flag, { type, multiple = false }]) => [flag, { type, multiple }]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const wrong = (problem: string) =>
    new ConfigError(`leasehold ${name}: ${problem} \`leasehold ${name} --help\` shows how it is used.`)
  const values: Record<string, unknown> = {}
  for (const [flag, { type, multiple }] of Object.entries(options)) {
    if (type === 'boolean') values[flag] = false
    else if (multiple) values[flag] = []
  }
  const rest: string[] = []
  const seen = new Set<string>()
  for (const token of tokens) {
    if (token.kind === 'positional') rest.push(token.value)
    if (token.kind !== 'option') continue
    const type = options[token.name]?.type
    if (type === undefined) {
      const known = Object.keys(options).map((flag) => `--${flag}`)
      throw wrong(`there is no option ${token.rawName}.${suggest(token.rawName, known)}`)
    }
    if (type === 'boolean') {
      if (token.value !== undefined) throw wrong(`${token.rawName} takes no value.`)
      values[token.name] = true
      continue
    }
    // An empty value is what an unset variable of a shell leaves; a dash, the next option taken for this one's value.
    if (!token.value || (!token.inlineValue && token.value.startsWith('-'))) {
      throw wrong(`${token.rawName} needs a value.`)
    }
    if (options[token.name]?.multiple) (values[token.name] as string[]).push(token.value)
    else if (seen.has(token.name)) throw wrong(`${token.rawName} is given twice.`)
    else values[token.name] = token.value
    seen.add(token.name)
  }
  if (operands === undefined && rest.length > 0) throw wrong(`it takes no ${JSON.stringify(rest[0])}.`)
  return { values: values as ValuesOf<Options>, operands: rest }
}
