import { describe, expect, it } from 'vitest'
import { isSameOrigin } from '../../../examples/kit/same-origin.ts'

const HOST = 'sonnenhof.clinic.example'

describe('a request that changes something', () => {
  it.each([
    ['a page of the same host', { 'sec-fetch-site': 'same-origin', origin: `https://${HOST}` }, true],
    ['an older browser, of the same host', { origin: `https://${HOST}`, host: HOST }, true],
    [
      'an older browser, behind the edge',
      { origin: `https://${HOST}`, 'x-forwarded-host': HOST, host: '127.0.0.1' },
      true,
    ],
    ['a client that is no browser', { host: HOST }, true],
    ['another site', { 'sec-fetch-site': 'cross-site', origin: `https://${HOST}`, host: HOST }, false],
    ['another clinic, which is of the same site', { 'sec-fetch-site': 'same-site' }, false],
    ['an older browser, of another host', { origin: 'https://lakeside.clinic.example', host: HOST }, false],
    ['a page that says of no host to be', { origin: 'null', host: HOST }, false],
    ['an older browser, where no host is known', { origin: `https://${HOST}` }, false],
  ])('by %s', (_who, headers, isSame) => {
    expect(isSameOrigin(new Headers(headers as Record<string, string>))).toBe(isSame)
  })
})
