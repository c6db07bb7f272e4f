import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { healthRules } from '../../../src/router/health/health-rules.ts'
import type { HealthSignal } from '../../../src/router/health/health-signal.ts'
import { mayProbe, mayServe, unknownHealth } from '../../../src/router/health/replica-health.ts'
import { isDrained, nextHealth } from '../../../src/router/health/replica-state.ts'
import { weightOf } from '../../../src/router/health/weight.ts'
import { Patient } from './support/signals.ts'

const MAX_BYTES = 16 * 1024 * 1024
const FAR = { lagBytes: MAX_BYTES + 1 }

describe('a replica that is not known yet', () => {
  it('serves nothing until its first good probe, and is warming then', () => {
    const patient = new Patient()
    patient.probeFails()
    patient.break()
    expect(patient.health.state).toBe('unknown')
    expect(mayServe(patient.health)).toBe(false)
    expect(patient.probe().state).toBe('warming')
    expect(mayServe(patient.health)).toBe(true)
  })

  it('does not serve when its first probe finds it too far behind', () => {
    expect(new Patient().probe(FAR).state).toBe('lagging')
  })

  it('serves while nobody knows how far behind it is, because the primary is down', () => {
    expect(new Patient().probe({ lagBytes: undefined, lagMs: undefined }).state).toBe('warming')
  })

  it('is healthy when its warm-up is over, and not before', () => {
    const patient = new Patient()
    patient.probe()
    expect(patient.after(29_999).send('tick').state).toBe('warming')
    expect(patient.after(1).send('tick').state).toBe('healthy')
  })
})

describe('a replica that falls behind', () => {
  it('is not lagging for one probe of three', () => {
    const patient = Patient.healthy()
    for (let i = 0; i < 5; i += 1) {
      expect(patient.probe(FAR).state).toBe('healthy')
      patient.probe()
      expect(patient.probe().state).toBe('healthy')
    }
  })

  it.each([
    ['bytes', FAR],
    ['time', { lagMs: 5_001 }],
  ])('is lagging after two probes of three that exceed the limit in %s', (_, found) => {
    const patient = Patient.healthy()
    patient.probe(found)
    patient.probe()
    expect(patient.probe(found).state).toBe('lagging')
    expect(mayServe(patient.health)).toBe(false)
  })

  it('may be exactly as far behind as the limits allow', () => {
    const patient = Patient.healthy()
    for (let i = 0; i < 3; i += 1) patient.probe({ lagBytes: MAX_BYTES, lagMs: 5_000 })
    expect(patient.health.state).toBe('healthy')
  })

  it('comes back by way of warming after three probes in a row below half the limit', () => {
    const patient = Patient.healthy()
    for (let i = 0; i < 2; i += 1) patient.probe(FAR)
    const steps = [0, 0, 0.6, 0, 0, 0].map((part) => patient.probe({ lagBytes: part * MAX_BYTES }).state)
    expect(steps).toEqual(['lagging', 'lagging', 'lagging', 'lagging', 'lagging', 'warming'])
    expect(weightOf(patient.health, patient.nowMs)).toBeCloseTo(0.1)
  })

  it('does not come back on probes that could not tell how far behind it is', () => {
    const patient = Patient.healthy()
    for (let i = 0; i < 2; i += 1) patient.probe(FAR)
    for (let i = 0; i < 5; i += 1) patient.probe({ lagBytes: undefined, lagMs: undefined })
    expect(patient.health.state).toBe('lagging')
  })
})

describe('a replica that cannot be reached', () => {
  it('is ejected by three connection errors in a row, of reads or probes', () => {
    const patient = Patient.healthy()
    patient.send('read-failed')
    patient.probeFails()
    expect(patient.health.state).toBe('healthy')
    expect(patient.send('read-failed')).toMatchObject({ state: 'ejected', ejectedFor: 'errors' })
    expect(mayServe(patient.health)).toBe(false)
  })

  it('is not ejected while reads succeed in between', () => {
    const patient = Patient.healthy()
    for (let i = 0; i < 9; i += 1) {
      patient.send('read-failed')
      patient.send('read-failed')
      patient.send('read-ok')
    }
    expect(patient.health.state).toBe('healthy')
  })

  it('is ejected by reads that fail though its probe, on a connection of its own, succeeds', () => {
    const patient = Patient.healthy()
    for (let i = 0; i < 3; i += 1) {
      patient.probe()
      patient.send('read-failed')
    }
    expect(patient.health.state).toBe('ejected')
  })

  it('is ejected by probes that fail though reads succeed: nobody knows how far behind it is', () => {
    const patient = Patient.healthy()
    for (let i = 0; i < 3; i += 1) {
      patient.probeFails()
      patient.send('read-ok')
    }
    expect(patient.health.state).toBe('ejected')
  })

  it('is left alone for its time, and warming after the probe behind that', () => {
    const patient = Patient.healthy()
    patient.break()
    expect(mayProbe(patient.health, patient.nowMs + 4_999)).toBe(false)
    expect(mayProbe(patient.health, patient.nowMs + 5_000)).toBe(true)
    expect(patient.probe().state).toBe('ejected')
    expect(patient.after(4_000).probe().state).toBe('warming')
  })

  it('is out for twice as long each time its probe fails, a minute at most', () => {
    const patient = Patient.healthy()
    patient.break()
    const lengths: number[] = []
    for (let i = 0; i < 7; i += 1) {
      const { probeAtMs = Number.NaN } = patient.health
      lengths.push(probeAtMs - patient.nowMs)
      patient.after(probeAtMs - patient.nowMs).send('probe-failed')
    }
    expect(lengths).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000])
  })

  it('is not out for longer because of probes that were sent before its time', () => {
    const patient = Patient.healthy()
    const before = patient.break()
    expect(patient.after(100).send('probe-failed')).toBe(before)
    expect(patient.break()).toBe(before)
  })

  it.each([
    [0, 4_000],
    [0.5, 5_000],
    [0.9999999, 6_000],
  ])('is out for a fifth more or less, at random (%f)', (random, expected) => {
    const patient = Patient.healthy()
    const { probeAtMs = Number.NaN } = patient.break(random)
    expect(probeAtMs - patient.nowMs).toBeCloseTo(expected, 0)
  })

  it.each([
    [59_999, 10_000],
    [60_000, 5_000],
  ])(
    'has its earlier ejections forgotten after a minute of health, not before (%i ms)',
    (healthyMs, expected) => {
      const patient = Patient.healthy()
      patient.break()
      patient.after(5_000).probe()
      patient.after(30_000).send('tick')
      patient.after(healthyMs).break()
      expect((patient.health.probeAtMs ?? 0) - patient.nowMs).toBe(expected)
    },
  )
})

describe('a replica that is much slower than the others', () => {
  it('is ejected', () => {
    expect(Patient.healthy().send('too-slow')).toMatchObject({ state: 'ejected', ejectedFor: 'latency' })
  })

  it('is not ejected a second time while it is out', () => {
    const patient = Patient.healthy()
    const before = patient.send('too-slow')
    expect(patient.after(10).send('too-slow')).toBe(before)
  })
})

describe('the role and the cluster of a replica', () => {
  it.each([
    ['promoted', { inRecovery: false }],
    ['foreign', { sameSystem: false }],
    ['foreign', { sameSystem: false, inRecovery: false }],
  ])('takes it out at once as %s, from every state that is probed', (state, found) => {
    const lagging = Patient.healthy()
    for (let i = 0; i < 2; i += 1) lagging.probe(FAR)
    const ejected = Patient.healthy()
    ejected.break()
    for (const patient of [new Patient(), Patient.healthy(), lagging, ejected]) {
      expect(patient.probe(found).state).toBe(state)
      expect(mayServe(patient.health)).toBe(false)
      expect(mayProbe(patient.health, patient.nowMs)).toBe(true)
    }
  })

  it.each([{ inRecovery: false }, { sameSystem: false }])(
    'only a probe of a right standby brings it back',
    (found) => {
      const patient = Patient.healthy()
      const { state } = patient.probe(found)
      patient.break()
      for (let i = 0; i < 5; i += 1) patient.probeFails()
      for (const kind of ['read-ok', 'too-slow'] as const) patient.send(kind)
      patient.after(600_000).send('tick')
      expect(patient.health.state).toBe(state)
      expect(patient.probe().state).toBe('warming')
    },
  )

  it('keeps the timeline that was told', () => {
    const patient = Patient.healthy()
    expect(patient.probe({ inRecovery: false, timeline: 2 }).timeline).toBe(2)
  })
})

describe('a replica that is taken out of the configuration', () => {
  it('begins nothing, is not probed, and is done after two minutes, whatever else happens', () => {
    const patient = Patient.healthy()
    patient.send('drain')
    patient.probe()
    patient.probe({ inRecovery: false })
    patient.break()
    expect(patient.health.state).toBe('draining')
    expect(mayServe(patient.health)).toBe(false)
    expect(mayProbe(patient.health, patient.nowMs)).toBe(false)
    expect(isDrained(patient.health, patient.nowMs + 117_999)).toBe(false)
    expect(isDrained(patient.health, patient.nowMs + 118_000)).toBe(true)
  })
})

const anySignal: fc.Arbitrary<{ afterMs: number; signal: (atMs: number) => HealthSignal }> = fc.record({
  afterMs: fc.constantFrom(0, 1, 400, 1_000, 6_000, 40_000),
  signal: fc.oneof(
    fc.constantFrom('probe-failed', 'read-ok', 'read-failed', 'too-slow', 'tick').map(
      (kind) =>
        (atMs: number): HealthSignal => ({ kind: kind as 'tick', atMs }),
    ),
    fc
      .record({
        inRecovery: fc.boolean(),
        sameSystem: fc.boolean(),
        timeline: fc.constantFrom(undefined, 1, 2),
        lagBytes: fc.constantFrom(undefined, 0, MAX_BYTES, 2 * MAX_BYTES),
        lagMs: fc.constantFrom(undefined, 0, 3_000, 9_000),
      })
      .map(
        (found) =>
          (atMs: number): HealthSignal => ({ kind: 'probe-ok', atMs, ...found }),
      ),
  ),
})

describe('any course of signals', () => {
  it('never leaves a promoted or foreign replica serving, a weight out of bounds, or an ejection without end', () => {
    const property = fc.property(
      fc.array(anySignal, { maxLength: 60 }),
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      (steps, random) => {
        let health = unknownHealth(0)
        let atMs = 0
        for (const { afterMs, signal } of steps) {
          atMs += afterMs
          const sent = signal(atMs)
          health = nextHealth(health, sent, healthRules(), random)
          if (sent.kind === 'probe-ok' && !sent.sameSystem) expect(health.state).toBe('foreign')
          else if (sent.kind === 'probe-ok' && !sent.inRecovery) expect(health.state).toBe('promoted')
          expect(weightOf(health, atMs)).toBeGreaterThanOrEqual(0.1)
          expect(weightOf(health, atMs)).toBeLessThanOrEqual(1)
          expect(health.probeAtMs !== undefined).toBe(health.state === 'ejected')
          if (health.probeAtMs !== undefined) expect(health.probeAtMs - atMs).toBeLessThanOrEqual(72_000)
        }
      },
    )
    fc.assert(property, { numRuns: 500 })
  })

  it('changes no state that it is given', () => {
    const before = Object.freeze({ ...unknownHealth(0), lagged: Object.freeze([]) })
    expect(() => nextHealth(before, { kind: 'tick', atMs: 1 })).not.toThrow()
    expect(nextHealth(before, { kind: 'read-ok', atMs: 1 })).toBe(before)
  })
})
