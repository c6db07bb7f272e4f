import { describe, expect, it } from 'vitest'
import { serviceOfHost } from '../../../examples/platform/edge.ts'

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
})
