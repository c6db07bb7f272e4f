import type { Command } from './command.ts'
import type { CommandOption } from './command-definition.ts'

const EXIT_CODES =
  'Exit codes: 0 nothing found or all done, 1 failed, 2 wrong usage, 3 findings, 75 another run holds the lock.'

/** What `leasehold --help` prints. */
export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  return [
    'Usage: leasehold <command> [options]',
    '',
    'Commands:',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    '`leasehold <command> --help` shows its options. `leasehold --version` prints the version.',
    '',
    EXIT_CODES,
  ].join('\n')
}

/** What `leasehold <command> --help` prints. */
export function usageOf({ name, summary, operands, options }: Command): string {
  const shown = Object.entries(options).map(([flag, option]) => ({
    left: spell(flag, option),
    help: option.help,
  }))
  const width = Math.max(...shown.map(({ left }) => left.length))
  return [
    `Usage: leasehold ${name} [options]${operands ? ` ${operands}` : ''}`,
    '',
    summary,
    '',
    'Options:',
    ...shown.map(({ left, help }) => `  ${left.padEnd(width)}  ${help}`),
    '',
    EXIT_CODES,
  ].join('\n')
}

function spell(flag: string, { value }: CommandOption): string {
  return value === undefined ? `--${flag}` : `--${flag} ${value}`
}
