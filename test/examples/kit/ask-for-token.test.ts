import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { askForToken } from '../../../examples/kit/token/ask-for-token.ts'

const WORDS = {
  incomplete: 'Enter your email address and your password.',
  wrong: 'The email address or the password is wrong.',
  often: 'That was tried too often. Try again in a quarter of an hour.',
  silent: 'The identity provider does not answer. Try again.',
}

describe('asking for a token', () => {
  let provider: Server | undefined
  const asked: string[] = []
  afterEach(() => {
    provider?.close()
    asked.length = 0
  })

  /** A provider that answers everybody the same. */
  async function provide(status: number, body: string): Promise<string> {
    provider = createServer((request, response) => {
      request.on('data', (chunk) => asked.push(`${request.method} ${request.url} ${chunk}`))
      request.on('end', () => response.writeHead(status).end(body))
    })
    provider.listen(0, '127.0.0.1')
    await once(provider, 'listening')
    return `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
  }

  it('sends what the form gave, and answers the token with its seconds', async () => {
    const issuer = await provide(200, '{"access_token":"a.b.c","expires_in":3600}')
    expect(await askForToken(issuer, form('anna@sonnenhof.example', 'secret'))).toEqual({
      token: 'a.b.c',
      maxAge: 3600,
    })
    expect(asked).toEqual(['POST /token {"email":"anna@sonnenhof.example","password":"secret"}'])
  })

  it.each([
    ['no password', form('anna@sonnenhof.example', '')],
    ['what is no address', form('anna', 'secret')],
    ['a file in the place of a password', form('anna@sonnenhof.example', new File(['secret'], 'secret'))],
    ['nothing', new FormData()],
  ])('asks nobody with %s', async (_, data) => {
    const issuer = await provide(200, '{"access_token":"a.b.c","expires_in":3600}')
    expect(await askForToken(issuer, data)).toMatchObject({ problem: WORDS.incomplete })
    expect(asked).toEqual([])
  })

  it.each([
    [401, '', WORDS.wrong],
    [429, '{"error":"slow_down"}', WORDS.often],
    [500, '', WORDS.silent],
    [200, 'no JSON', WORDS.silent],
    [200, '{"access_token":"a.b.c"}', WORDS.silent],
    [404, '{"access_token":"a.b.c","expires_in":3600}', WORDS.silent],
  ])('says what %i with %j means, and keeps the address in the form', async (status, body, problem) => {
    const issuer = await provide(status, body)
    expect(await askForToken(issuer, form('anna@sonnenhof.example', 'secret'))).toEqual({
      email: 'anna@sonnenhof.example',
      problem,
    })
  })

  it('says so where nobody listens', async () => {
    const issuer = await provide(200, '')
    provider?.close()
    expect(await askForToken(issuer, form('anna@sonnenhof.example', 'secret'))).toMatchObject({
      problem: WORDS.silent,
    })
  })
})

function form(email: string, password: string | File): FormData {
  const data = new FormData()
  data.set('email', email)
  data.set('password', password)
  return data
}
