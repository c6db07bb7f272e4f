import { describe, expect, it } from 'vitest'
import { refusalOf, serviceOfHost } from '../../../examples/platform/edge.ts'

describe('the edge', () => {
  it.each([
    ['api.platform.localhost:8080', 'core-api'],
    ['API.Platform.localhost', 'core-api'],
    ['telemetry.platform.localhost', 'telemetry-api'],
    ['id.platform.localhost', 'identity'],
    ['portal.platform.localhost', 'portal'],
    ['console.platform.localhost.', 'console'],
    ['sonnenhof.clinic.platform.localhost', 'clinic'],
    ['praxis-berg.localhost:8080', 'clinic'],
    ['api.platform.localhost.stranger.example', 'clinic'],
    ['constructor', 'clinic'],
    [undefined, 'clinic'],
  ])('sends %s to %s', (host, service) => {
    expect(serviceOfHost(host)).toBe(service)
  })

  it.each([
    '/internal/metrics',
    '/%69nternal/metrics',
    '/./internal/metrics',
    '/x/../internal/metrics',
    '/x/%2e%2e/internal/metrics',
    '//internal/metrics',
    '/x//../../internal/metrics',
    '/internal%2fmetrics',
    '/Internal/metrics',
    '/\\internal\\metrics',
    '/readyz',
    '/readyz/?x',
    '/%68ealthz',
  ])('lets nobody see what is internal by %s', (target) => {
    expect(refusalOf(target)).toBe(404)
  })

  it.each(['http://api.platform.localhost/internal/metrics', '*', '', undefined, '/%', '/%ff'])(
    'does not guess what is meant by %s',
    (target) => {
      expect(refusalOf(target)).toBe(400)
    },
  )

  it.each(['/', '/internally', '/patients?back=/internal/metrics', '/clinics/readyz', '/%C3%A4'])(
    'lets %s pass',
    (target) => {
      expect(refusalOf(target)).toBe(undefined)
    },
  )
})
