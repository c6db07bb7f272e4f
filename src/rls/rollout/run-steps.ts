import { observe, type RolloutClient } from './observe.ts'
import { RolloutError } from './rollout-error.ts'
import type { RolloutLimits } from './rollout-limits.ts'
import type { DoneStep, RolloutRun } from './rollout-run.ts'
import type { RolloutPhase, RolloutStep } from './rollout-step.ts'
import { runStep } from './run-step.ts'

const PHASES: readonly RolloutPhase[] = ['prepare', 'observe', 'enforce', 'finish']

/**
 * Runs the steps up to a phase, one after the other.
 *
 * @throws {RolloutError}
 */
export async function runSteps(
  client: RolloutClient,
  steps: readonly RolloutStep[],
  limits: RolloutLimits,
  run: RolloutRun,
): Promise<readonly DoneStep[]> {
  const { through = 'finish', onEvent } = run
  const due = steps.filter(({ phase }) => PHASES.indexOf(phase) <= PHASES.indexOf(through))
  const done: DoneStep[] = []
  for (const [index, step] of due.entries()) {
    onEvent?.({ type: 'begin', step, number: index + 1, of: due.length })
    const begun = performance.now()
    const attempts =
      step.kind === 'pause' ? await pause(client, step, run) : await work(client, step, limits, run)
    const finished = { step, attempts, tookMs: performance.now() - begun }
    done.push(finished)
    onEvent?.({ type: 'done', ...finished })
  }
  return done
}

function work(
  client: RolloutClient,
  step: RolloutStep,
  limits: RolloutLimits,
  { signal, onEvent, random = Math.random }: RolloutRun,
): Promise<number> {
  const failed: Parameters<typeof runStep>[2]['failed'] = (attempt) =>
    onEvent?.({ type: 'retry', ...attempt })
  return runStep(client, step, { limits, signal, random, failed })
}

/** @throws {RolloutError} when the application was seen to run statements without a tenant */
async function pause(
  client: RolloutClient,
  step: RolloutStep,
  { observeMs = 0, signal, onWithoutTenant = () => {} }: RolloutRun,
): Promise<number> {
  const found = await observe(client, observeMs, { signal, heard: onWithoutTenant })
  if (found.length === 0) return 1
  const names = found.map(
    ({ table, user, application, address }) =>
      `${JSON.stringify(application)} as ${user}${address ? ` from ${address}` : ''} on ${table}`,
  )
  throw new RolloutError(
    'without-tenant',
    `Statements without a tenant were seen: ${names.join('; ')}. Once the policies hold, they would see nothing. Let them ` +
      'set the tenant, then run this again; to go on all the same, run it without observing.',
    { step },
  )
}
