import { columns } from '../report/columns.ts'
import type { Result } from '../report/result.ts'
import { labelOf, SWEEP_CONNECTIONS, SWEEP_PEERS } from './ways.ts'

/** Operations per second: one line for each number of connections, one column for each peer. */
export function formatSweep(results: readonly Result[]): string {
  const scenarios = [...new Set(results.map(({ scenario }) => scenario))]
  return scenarios
    .map((scenario) => {
      const own = results.filter((result) => result.scenario === scenario)
      const perSecond = (peer: string, connections: number) => {
        const found = own.find((result) => result.peer === labelOf({ peer, connections }))
        return found ? Math.round(found.opsPerSecond).toLocaleString('en-US') : '-'
      }
      const lines = SWEEP_CONNECTIONS.map((connections) => [
        String(connections),
        ...SWEEP_PEERS.map((peer) => perSecond(peer, connections)),
      ])
      return `${scenario}, ops/s\n${columns([['connections', ...SWEEP_PEERS], ...lines])}`
    })
    .join('\n\n')
}
