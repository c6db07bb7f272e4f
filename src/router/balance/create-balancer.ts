import type { Balancer } from './candidate.ts'
import { LeastOutstandingBalancer } from './least-outstanding.ts'
import { RandomBalancer } from './random.ts'
import { RoundRobinBalancer } from './round-robin.ts'
import { TwoChoicesBalancer } from './two-choices.ts'

/**
 * How reads are spread over replicas. The first two look at weights alone, so that one slow replica slows its whole share of
 * the reads; the last two look at what each replica has not answered yet.
 */
export type BalanceName = 'round-robin' | 'random' | 'least-outstanding' | 'two-choices'

const BALANCERS: Readonly<Record<BalanceName, new () => Balancer>> = {
  'round-robin': RoundRobinBalancer,
  random: RandomBalancer,
  'least-outstanding': LeastOutstandingBalancer,
  'two-choices': TwoChoicesBalancer,
}

/** The names that {@link createBalancer} takes. */
export const BALANCE_NAMES: readonly BalanceName[] = Object.keys(BALANCERS) as BalanceName[]

/** A balancer with nobody's turn taken yet. */
export function createBalancer(name: BalanceName): Balancer {
  return new BALANCERS[name]()
}
