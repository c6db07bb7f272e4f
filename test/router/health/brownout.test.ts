import { describe, expect, it } from 'vitest'
import { createBalancer } from '../../../src/router/balance/create-balancer.ts'
import { LatencyWatch } from '../../../src/router/health/latency.ts'
import { mayProbe, mayServe } from '../../../src/router/health/replica-health.ts'
import { relativeWeights } from '../../../src/router/health/weight.ts'
import { percentile, simulateOpenLoop } from '../balance/support/open-loop.ts'
import { Patient } from './support/signals.ts'

const SLOW_FROM_MS = 10_000
const SETTLED_MS = 5_000

/** Replicas with states, as a router keeps them, under the load of the balancers' simulation; the first one is slow for a while. */
function brownOut(replicas: number, slowUntilMs: number) {
  const patients = Array.from({ length: replicas }, () => Patient.healthy(-31_000))
  const idOf = (index: number) => `r${index}`
  const watch = new LatencyWatch()
  let judgedAtMs = 0
  const judge = (atMs: number) => {
    for (const patient of patients) {
      patient.after(atMs - patient.nowMs)
      if (patient.health.state === 'ejected' && mayProbe(patient.health, atMs)) patient.after(-1_000).probe()
      patient.send('tick')
    }
    const serving = patients.flatMap(({ health }, index) => (mayServe(health) ? [idOf(index)] : []))
    for (const id of watch.outliers(serving, replicas - serving.length, atMs)) {
      patients[Number(id.slice(1))]?.send('too-slow')
      watch.forget(id)
    }
    judgedAtMs = atMs
  }
  const reads = simulateOpenLoop({
    replicas,
    seed: 5,
    lengthMs: slowUntilMs + 50_000,
    balancer: createBalancer('least-outstanding'),
    slowness: (replica, atMs) => (replica === 0 && atMs >= SLOW_FROM_MS && atMs < slowUntilMs ? 20 : 1),
    answered: (id, latencyMs, atMs) => watch.record(id, { atMs, latencyMs }),
    weight: (id, atMs) => {
      if (atMs - judgedAtMs >= 250) judge(atMs)
      const serving = patients.filter(({ health }) => mayServe(health))
      const weights = relativeWeights(
        serving.map(({ health }) => health),
        atMs,
      )
      return weights[serving.indexOf(patients[Number(id.slice(1))] as Patient)] ?? 0
    },
  })
  return (fromMs: number, toMs: number) => reads.filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
}

describe.each([2, 3])('one of %i replicas becomes twenty times slower, and is ejected for it', (replicas) => {
  it('does not double the 99th percentile for longer than five seconds, nor when it is well again', () => {
    const slowUntilMs = 40_000
    const between = brownOut(replicas, slowUntilMs)
    const healthyMs = percentile(between(0, SLOW_FROM_MS), 0.99)
    const settled = between(SLOW_FROM_MS + SETTLED_MS, slowUntilMs)
    expect(percentile(settled, 0.99)).toBeLessThanOrEqual(2 * healthyMs)
    expect(settled.filter(({ replica }) => replica === 0).length / settled.length).toBeLessThan(0.02)
    const recovered = between(slowUntilMs + 1_000, slowUntilMs + 50_000)
    expect(percentile(recovered, 0.99)).toBeLessThanOrEqual(2 * healthyMs)
    const late = between(slowUntilMs + 45_000, slowUntilMs + 50_000)
    expect(late.filter(({ replica }) => replica === 0).length / late.length).toBeGreaterThan(0.5 / replicas)
  })
})
