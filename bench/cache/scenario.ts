/** How hits are asked for. */
export type HitScenario = 'one after another' | '64 at once, one key' | '64 at once, 64 keys'

export const HIT_SCENARIOS: readonly HitScenario[] = [
  'one after another',
  '64 at once, one key',
  '64 at once, 64 keys',
]

/** Documents that hits are asked for have ids from 1 to this. */
export const HIT_DOCUMENTS = 64
const CALLERS = 64

/** Callers, each of whom waits for an answer before asking again. */
export function callersOf(scenario: HitScenario): number {
  return scenario === 'one after another' ? 1 : CALLERS
}

/** What a caller asks for. */
export function documentFor(scenario: HitScenario, caller: number, call: number): number {
  if (scenario === '64 at once, one key') return 1
  return (scenario === 'one after another' ? call % HIT_DOCUMENTS : caller) + 1
}
