import { describe, expect, it } from 'vitest'
import { parseCommand, UsageError } from '../../../examples/platform/options.ts'

describe('the command line of the platform', () => {
  it('is phase 2 without load where nothing is said', () => {
    expect(parseCommand([])).toEqual({
      phase: 2,
      load: undefined,
      patients: undefined,
      port: undefined,
      services: undefined,
      byHand: [],
      isBreaking: false,
    })
  })

  it.each([
    [['--load'], 'steady'],
    [['--load', '--phase', '1'], 'steady'],
    [['--load', 'realistic'], 'realistic'],
    [['--load=realistic'], 'realistic'],
  ])('%j asks for the load %s', (args, load) => {
    expect(parseCommand(args)).toMatchObject({ load })
  })

  it.each([
    [['--phase', '3'], '--phase is 1 or 2'],
    [['--load', 'heavy'], '--load is steady or realistic'],
    [['--port', '70000'], '--port is a whole number'],
    [['--patients', 'many'], '--patients is a whole number'],
    [['--faults'], '--faults needs --load'],
    [['--services', 'core-api,mail'], 'There is no service mail'],
    [['--services', 'identity', '--by-hand', 'core-api'], 'which --services leaves out'],
    [['--quick'], "Unknown option '--quick'"],
  ])('%j is refused in words', (args, words) => {
    expect(() => parseCommand(args)).toThrow(UsageError)
    expect(() => parseCommand(args)).toThrow(words)
  })
})
