import { ROLLOUT_LIMITS, type RolloutLimits } from './rollout-limits.ts'
import type { RolloutStep } from './rollout-step.ts'
import { boundMs } from './step-text.ts'

/** The steps for reading: what each is for, which locks it takes, how long others may wait for it, and its SQL. */
export function printRollout(steps: readonly RolloutStep[], limits: RolloutLimits = ROLLOUT_LIMITS): string {
  return steps.map((step, index) => printStep(step, index + 1, limits)).join('\n')
}

function printStep(step: RolloutStep, number: number, limits: RolloutLimits): string {
  const { phase, object, purpose, kind, locks, parts } = step
  const lines = [
    `${number}. ${phase}: ${object}: ${purpose}`,
    locks.length > 0
      ? `Locks: ${locks.map(({ mode, table }) => `${mode} on ${table}`).join(', ')}.`
      : 'Locks no table.',
    kind === 'brief'
      ? `Makes others wait for ${boundMs(step, limits)} ms at most, or is undone and tried again.`
      : 'Blocks neither readers nor writers; in no transaction.',
  ]
  return `${lines.map((line) => `-- ${line.replaceAll(/\s+/g, ' ')}\n`).join('')}${parts.join('\n')}\n`
}
