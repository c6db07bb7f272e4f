import { ConfigError } from '../errors/config.ts'
import { describeSchema } from '../rls/policy/describe/describe-schema.ts'
import { planPolicy } from '../rls/policy/policy-plan.ts'
import { planRollout } from '../rls/rollout/plan-rollout.ts'
import { printRollout } from '../rls/rollout/print-rollout.ts'
import type { RolloutPhase, RolloutStep } from '../rls/rollout/rollout-step.ts'
import { type RolloutReport, runRollout } from '../rls/rollout/run-rollout.ts'
import { type Command, defineCommand } from './command.ts'
import { readServer } from './connection/read-server.ts'
import { readingCatalogs } from './connection/reading-catalogs.ts'
import { withConnection } from './connection/with-connection.ts'
import { EXIT } from './exit-code.ts'
import { describeApplication } from './options/application.ts'
import { APPLICATION_OPTIONS, SERVER_OPTIONS } from './options/common-options.ts'
import { policyOptions, readTables, TABLE_OPTIONS } from './options/policy.ts'
import { describeEvent, describeWithoutTenant } from './report/describe-event.ts'

const PHASES: readonly RolloutPhase[] = ['prepare', 'observe', 'enforce', 'finish']

/** `leasehold rls rollout`: what `rls generate` prints, done step by step beside readers and writers. */
export const rlsRollout: Command = defineCommand({
  name: 'rls rollout',
  summary:
    'Makes tables keep tenants apart while they are in use: each lock is bounded, and tried for again.',
  operands: '[schema.table ...]',
  options: {
    ...SERVER_OPTIONS,
    ...APPLICATION_OPTIONS,
    ...TABLE_OPTIONS,
    through: { type: 'string', value: `<${PHASES.join('|')}>`, help: 'the last phase to be run [finish]' },
    observe: {
      type: 'string',
      value: '<seconds>',
      help: 'looks for statements without a tenant for so long before policies hold, and halts at any [0]',
    },
    'dry-run': { type: 'boolean', help: 'prints the steps, their locks and their SQL, and runs none' },
    json: { type: 'boolean', help: 'prints what was done, and what is left, as JSON' },
  },
  run: async (values, operands, terminal) => {
    const named = readTables(values, operands)
    const through = readPhase(values.through)
    const observeMs = readObservation(values.observe)
    const server = readServer(values, terminal)
    const options = policyOptions(await describeApplication(values, terminal), named)
    // It bounds each step by itself.
    const use = { purpose: 'rls rollout', queryTimeoutMs: 0 }
    return withConnection(server, use, async (client) => {
      if (values['dry-run']) {
        const describe = () => describeSchema(client, options)
        const plan = planPolicy(await readingCatalogs(client, describe), options)
        const steps = planRollout(plan, { observe: observeMs !== undefined })
        terminal.print(values.json ? toJson({ done: [], left: steps }) : printRollout(steps).trimEnd())
        return steps.length === 0 ? EXIT.done : EXIT.findings
      }
      const report = await runRollout(client, options, {
        through,
        ...(observeMs === undefined ? {} : { observeMs }),
        signal: terminal.interruption(),
        onEvent: (event) => terminal.note(describeEvent(event)),
        onWithoutTenant: (who) => terminal.note(describeWithoutTenant(who)),
      })
      terminal.print(values.json ? toJson(report) : summary(report))
      return report.left.length === 0 ? EXIT.done : EXIT.findings
    })
  },
})

function readPhase(given: string | undefined): RolloutPhase {
  const phase = PHASES.find((known) => known === (given ?? 'finish'))
  if (phase) return phase
  throw new ConfigError(`--through is ${JSON.stringify(given)}, but must be ${PHASES.join(', ')}.`)
}

/** From seconds to milliseconds. */
function readObservation(given: string | undefined): number | undefined {
  if (given === undefined || /^0+$/.test(given)) return undefined
  if (/^\d{1,6}$/.test(given)) return Number(given) * 1_000
  throw new ConfigError('--observe must be a whole number of seconds.')
}

function summary({ done, left }: RolloutReport): string {
  const next =
    left.length > 0 ? ` Left: ${left.length}, the next of them in the phase ${left[0]?.phase}.` : ''
  return `Steps done: ${done.length}.${next}`
}

function toJson({ done, left }: RolloutReport): string {
  return JSON.stringify({
    done: done.map(({ step, attempts, tookMs }) => ({
      ...shown(step),
      attempts,
      tookMs: Math.round(tookMs),
    })),
    left: left.map(shown),
  })
}

function shown({ phase, object, purpose, kind, locks, parts }: RolloutStep) {
  return {
    phase,
    object,
    purpose,
    kind,
    locks: locks.map(({ table, mode }) => ({ table, mode })),
    sql: parts.join('\n'),
  }
}
