import { ConfigError } from '../../errors/config.ts'
import type { PartitionPlan, Phase } from '../../partitioning/plan/step.ts'
import type { CommandOptions } from '../command-definition.ts'
import { suggest } from '../nearest.ts'

/** The phases of a run, in its order. */
const PHASES: readonly Phase[] = ['prepare', 'reconcile', 'premake', 'retire', 'archive', 'drop', 'analyze']

/** Which part of a plan is meant. */
export const PHASE_OPTIONS = {
  only: {
    type: 'string',
    multiple: true,
    value: `<phase>`,
    help: `only steps of this phase: ${PHASES.join(', ')}`,
  },
} as const satisfies CommandOptions

/** @throws {ConfigError} for a phase that is none */
export function readPhases(given: readonly string[]): readonly Phase[] {
  return given.map((name) => {
    const phase = PHASES.find((known) => known === name)
    if (phase) return phase
    throw new ConfigError(
      `--only is ${JSON.stringify(name)}, but must be ${PHASES.join(', ')}.${suggest(name, PHASES)}`,
    )
  })
}

/** The steps of some phases; all of them where none is named. */
export function keepPhases(plan: PartitionPlan, phases: readonly Phase[]): PartitionPlan {
  if (phases.length === 0) return plan
  return { ...plan, steps: plan.steps.filter(({ phase }) => phases.includes(phase)) }
}
