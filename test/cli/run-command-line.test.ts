import { describe, expect, it } from 'vitest'
import { type Command, defineCommand } from '../../src/cli/command.ts'
import { CommandError } from '../../src/cli/command-error.ts'
import { EXIT, type ExitCode } from '../../src/cli/exit-code.ts'
import { runCommandLine } from '../../src/cli/run-command-line.ts'
import { SilentTerminal } from './silent-terminal.ts'

const greet = defineCommand({
  name: 'rls greet',
  summary: 'Greets.',
  operands: '<name ...>',
  options: {
    to: { type: 'string', value: '<whom>', help: 'whom to greet' },
    also: { type: 'string', multiple: true, value: '<whom>', help: 'whom else' },
    loudly: { type: 'boolean', help: 'in capitals' },
  },
  run: async ({ to = 'you', also, loudly }, operands, terminal) => {
    const text = `hello ${[to, ...also, ...operands].join(' ')}`
    terminal.print(loudly ? text.toUpperCase() : text)
    return EXIT.done
  },
})

const failing = (name: string, error: unknown): Command => ({
  name,
  summary: 'Fails.',
  options: {},
  start: async () => {
    throw error
  },
})

async function run(...args: string[]): Promise<{ code: ExitCode; out: string; err: string }> {
  const terminal = new SilentTerminal()
  const commands = [
    greet,
    failing('locked', new CommandError('Another run holds the lock.', { exitCode: EXIT.locked })),
    failing('broken', new TypeError('x is not a function')),
  ]
  const code = await runCommandLine(args, commands, terminal)
  return { code, out: terminal.printed.join('\n'), err: terminal.noted.join('\n') }
}

describe('the command line', () => {
  it('runs a command of two words, with options before and behind its operands', async () => {
    expect(await run('rls', 'greet', '--loudly', 'x', '--to', 'a', '--also=b', '--also', 'c')).toEqual({
      code: 0,
      out: 'HELLO A B C X',
      err: '',
    })
  })

  it.each([
    [['--version'], '1.2.3'],
    [['--help'], 'rls greet  Greets.'],
    [['help'], 'rls greet  Greets.'],
    [['rls', '--help'], 'rls greet  Greets.'],
    [['rls', 'greet', '--help'], '--to <whom>'],
    [['rls', 'greet', '--to', 'x', '-h'], 'Usage: leasehold rls greet [options] <name ...>'],
  ])('answers %j on standard output', async (args, expected) => {
    const { code, out } = await run(...args)
    expect(out).toContain(expected)
    expect(code).toBe(0)
  })

  it.each([
    [[], 'Usage: leasehold'],
    [['rls'], 'there is no command "rls"'],
    [['rls', 'gret'], 'there is no command "rls gret". Did you mean rls greet?'],
    [['lockd', '--x'], 'Did you mean locked?'],
    [['rls', 'greet', '--tо', 'x'], 'there is no option --tо.'],
    [['rls', 'greet', '--loudy'], 'there is no option --loudy. Did you mean --loudly?'],
    [['rls', 'greet', '--no-loudly'], 'there is no option --no-loudly.'],
    [['rls', 'greet', '--to'], '--to needs a value'],
    [['rls', 'greet', '--to='], '--to needs a value'],
    [['rls', 'greet', '--to', ''], '--to needs a value'],
    [['rls', 'greet', '--to', '--loudly'], '--to needs a value'],
    [['rls', 'greet', '--to', 'a', '--to', 'b'], '--to is given twice'],
    [['rls', 'greet', '--loudly=yes'], '--loudly takes no value'],
    [['rls', 'greet', '--constructor'], 'there is no option --constructor.'],
  ])('refuses %j with exit code 2 and says why', async (args, expected) => {
    const { code, out, err } = await run(...args)
    expect(err).toContain(expected)
    expect(out).toBe('')
    expect(code).toBe(2)
  })

  it('ends with 75 where another run holds the lock', async () => {
    expect(await run('locked')).toEqual({ code: 75, out: '', err: 'Another run holds the lock.' })
  })

  it('shows where an error came from that nobody foresaw', async () => {
    const { code, err } = await run('broken')
    expect(err).toMatch(/nobody foresaw.*TypeError: x is not a function\n\s+at /s)
    expect(code).toBe(1)
  })
})
