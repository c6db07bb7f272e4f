import { printable } from '../../rls/report/printable.ts'
import { describeHolder } from '../../rls/rollout/find-holders.ts'
import type { WithoutTenant } from '../../rls/rollout/observe.ts'
import type { RolloutEvent } from '../../rls/rollout/run-rollout.ts'

/** Says in a line what happens while a rollout runs. */
export function describeEvent(event: RolloutEvent): string {
  switch (event.type) {
    case 'begin':
      return printable(
        `${event.number}/${event.of} ${event.step.phase}: ${event.step.object}: ${event.step.purpose}`,
      )
    case 'retry': {
      const held = event.holders.map(describeHolder).join('; ')
      return printable(
        `  attempt ${event.attempt} did not get its locks in time${held && `, held by ${held}`}; again in ${event.againInMs} ms`,
      )
    }
    case 'done':
      return `  done in ${Math.round(event.tookMs)} ms`
  }
}

/** Says in a line who works without a tenant. */
export function describeWithoutTenant({ table, user, application, address }: WithoutTenant): string {
  const who = [user, application, address ?? 'the server itself'].filter((part) => part !== '').join(', ')
  return printable(`  a statement without a tenant on ${table}, by ${who}`)
}
