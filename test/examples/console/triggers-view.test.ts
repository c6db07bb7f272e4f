import { describe, expect, it } from 'vitest'
import type { Observation } from '../../../examples/console/collect/observation.ts'
import { viewConsole } from '../../../examples/console/view/console-view.ts'
import { metrics, observation, replica, seen, type server, unseen } from './observation-builder.ts'

const clinics = (times: number) =>
  seen(Array.from({ length: times }, (_, at) => ({ tenantHash: `${at}`, name: `${at}`, isDedicated: false })))
const phaseOf = (changes: Partial<Observation>) => viewConsole(undefined, observation(changes), []).phase
const reached = (changes: Partial<Observation>) =>
  Object.fromEntries(phaseOf(changes).triggers.map(({ id, reached: state }) => [id, state]))
const said = (changes: Parameters<typeof metrics>[0]) => [
  { name: 'core-api', metrics: seen(metrics(changes)) },
]

describe('the triggers of the next phase', () => {
  it('in phase 1 are reached beyond 10 clinics and 100,000 patients, and not at them', () => {
    expect(reached({ clinics: clinics(10), patients: seen(100_000) })).toMatchObject({
      clinics: 'not reached',
      patients: 'not reached',
    })
    expect(reached({ clinics: clinics(11), patients: seen(100_001) })).toMatchObject({
      clinics: 'reached',
      patients: 'reached',
    })
  })

  it('in phase 2 are the limits of phase 2', () => {
    expect(reached({ phaseLabel: '2', clinics: clinics(50) }).clinics).toBe('not reached')
    expect(reached({ phaseLabel: '2', clinics: clinics(51) }).clinics).toBe('reached')
  })

  it('say of the share of reads whether there are replicas for it already', () => {
    const routes = { write: 30, replica: 70 }
    expect(reached({ services: said({ routes }) })['read-share']).toBe('reached')
    expect(reached({ services: said({ routes, replicas: [replica()] }) })['read-share']).toBe('acted upon')
    expect(reached({ services: said({ routes: { write: 70, replica: 30 } }) })['read-share']).toBe(
      'not reached',
    )
  })

  it('know the share of reads without replicas', () => {
    const work = { reads: 70, writes: 30 }
    expect(reached({ services: said({ work }) })['read-share']).toBe('reached')
  })

  it('are called not measured, with the reason, where there is no figure', () => {
    const reason = 'The server has no statistics of the table yet'
    const databases = [
      {
        name: 'clinic',
        server: unseen<ReturnType<typeof server>>('Away'),
        months: seen([]),
        findings: seen([]),
      },
    ]
    const { triggers } = phaseOf({ patients: unseen(reason), databases })
    const states = Object.fromEntries(triggers.map((each) => [each.id, each.reached]))
    expect(states).toMatchObject({
      patients: 'not measured',
      connections: 'not measured',
      'read-share': 'not measured',
      'replica-lag': 'not measured',
    })
    expect(triggers.find(({ id }) => id === 'patients')?.basis).toBe(reason)
  })
})

describe('the phase', () => {
  it('is said not to agree where the label and the replicas differ', () => {
    expect(phaseOf({ phaseLabel: '2' }).agrees).toBe(false)
    expect(phaseOf({ phaseLabel: '2', services: said({ replicas: [replica()] }) }).agrees).toBe(true)
    expect(phaseOf({ phaseLabel: '1' }).agrees).toBe(true)
  })
})

describe('the verdict', () => {
  it('is good where all is well', () => {
    const { verdict, attention } = viewConsole(undefined, observation(), [])
    expect(attention).toEqual([])
    expect(verdict).toEqual({ status: 'ok', title: 'Everything is as it should be' })
  })

  it('has the worst first, and counts what is as bad as that', () => {
    const services = [
      ...said({ replicas: [replica({ state: 'lagging' }), replica({ id: 'r2', state: 'ejected' })] }),
      { name: 'portal', metrics: unseen<ReturnType<typeof metrics>>('Does not answer') },
    ]
    const { verdict, attention } = viewConsole(undefined, observation({ services }), [])
    expect(attention.map(({ title }) => title)).toEqual([
      'portal',
      'Replica r2 is ejected',
      'Replica r1 is lagging',
    ])
    expect(verdict).toEqual({ status: 'bad', title: '2 things out of order' })
  })
})
